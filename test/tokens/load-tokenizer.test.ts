import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { readLines } from '../support/read-lines.js';

interface GoldenLine {
  text: string | null;
  ids: number[];
  ids_with_bos?: number[];
  decoded: string;
  decoded_skip_special: string;
}

const tiny = 'fixtures/reference/checkpoints/pg1-tiny';
const tokenizer = await loadTokenizer(tiny);
const golden = readLines<GoldenLine>('reference/tokenizer-golden.jsonl');

describe('loadTokenizer', () => {
  it('encodes all recorded texts as the Python library does', () => {
    const texts = golden.filter((line) => line.text !== null);
    expect(texts).toHaveLength(300);
    for (const { text, ids, ids_with_bos } of texts) {
      expect(tokenizer.encode(text!), JSON.stringify(text)).toEqual(ids);
      if (ids_with_bos) expect([tokenizer.tokens.bos, ...tokenizer.encode(text!)]).toEqual(ids_with_bos);
    }
  });

  it('decodes all recorded ids as the Python library does', () => {
    expect(golden).toHaveLength(340);
    for (const { ids, decoded, decoded_skip_special } of golden) {
      expect(tokenizer.decode(ids), JSON.stringify(ids)).toBe(decoded);
      expect(tokenizer.decode(ids, { skipSpecial: true }), JSON.stringify(ids)).toBe(decoded_skip_special);
    }
  });

  it('reads the special ids and the size from the files', async () => {
    expect(tokenizer.tokens).toEqual({ pad: 0, eos: 1, bos: 2, image: 2369, firstLoc: 1217, firstSeg: 2241 });
    expect(tokenizer.vocabSize).toBe(2370);
    const demo = await loadTokenizer('fixtures/demo');
    expect(demo.tokens).toEqual({ pad: 0, eos: 1, bos: 2, image: 4840, firstLoc: 3688, firstSeg: 4712 });
  });

  it('keeps every location and segmentation token whole', () => {
    const { firstLoc } = tokenizer.tokens;
    const ids = Array.from({ length: 1024 + 128 }, (_, i) => firstLoc + i);
    const text = tokenizer.decode(ids);
    expect(text.startsWith('<loc0000><loc0001>')).toBe(true);
    expect(text.endsWith('<seg126><seg127>')).toBe(true);
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids, { skipSpecial: true })).toBe(text);
  });
});

describe('pieces', () => {
  it('gives a character of several bytes to its last one', () => {
    const ids = tokenizer.encode('a☕b');
    expect(tokenizer.decodePieces(ids)).toEqual(['a', '', '', '☕', 'b']);
    expect(ids.map((id) => tokenizer.pieceOf(id))).toEqual(['a', '\uFFFD', '\uFFFD', '\uFFFD', 'b']);
  });

  it('holds bytes back until their run ends', () => {
    const stream = tokenizer.createTextStream();
    expect(tokenizer.encode('a☕b').map((id) => stream.push(id))).toEqual(['a', '', '', '', '☕b']);
    expect(stream.flush()).toBe('');
  });

  it('gives nothing for ids outside the vocabulary', () => {
    expect(tokenizer.pieceOf(2370)).toBeUndefined();
    expect(tokenizer.decode([2370, -1, 1e9])).toBe('');
    const [first, ...rest] = tokenizer.encode('☕');
    expect(tokenizer.decode([first, 2370, ...rest])).toBe('☕');
  });

  it('stream, pieces and decode agree on any ids', () => {
    // Bytes are 5..260 in this vocabulary: take them often, that is where it is hard.
    const id = fc.oneof(fc.integer({ min: 5, max: 260 }), fc.integer({ min: 0, max: 2400 }));
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), (ids) => {
        const whole = tokenizer.decode(ids);
        const stream = tokenizer.createTextStream();
        expect(ids.map((one) => stream.push(one)).join('') + stream.flush()).toBe(whole);
        const pieces = tokenizer.decodePieces(ids);
        expect(pieces).toHaveLength(ids.length);
        expect(pieces.join('')).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('any text comes back from its ids', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        // U+2581 is how the vocabulary writes a space.
        fc.pre(!text.includes('\u2581') && !text.includes('<'));
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
    );
  });
});

describe('bad tokenizer files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pali-tokenizer-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A copy of the tiny tokenizer whose tokenizer.json went through `change`. */
  async function copyWith(change: (text: string) => string): Promise<string> {
    const copy = await mkdtemp(join(folder, 'case-'));
    await cp(join(tiny, 'tokenizer_config.json'), join(copy, 'tokenizer_config.json'));
    await writeFile(
      join(copy, 'tokenizer.json'),
      change(await readFile(join(tiny, 'tokenizer.json'), 'utf8')),
    );
    return copy;
  }

  it('says which file is missing', async () => {
    await expect(loadTokenizer(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'TOKENIZER_MISSING',
      exitCode: 4,
      message: expect.stringContaining('tokenizer.json') as string,
    });
  });

  it.each([
    ['cut short', (text: string) => text.slice(0, 5000), 'TOKENIZER_DAMAGED', 'is not valid JSON'],
    ['an empty object', () => '{}', 'TOKENIZER_DAMAGED', 'is not a tokenizer file'],
    [
      'an id as text',
      (text: string) => text.replace('"<eos>":1', '"<eos>":"1"').replace('"<eos>": 1', '"<eos>": "1"'),
      'TOKENIZER_DAMAGED',
      'gives <eos> the id "1"',
    ],
    [
      'another model type',
      (text: string) => text.replace(/"type": ?"BPE"/, '"type":"Unigram"'),
      'TOKENIZER_UNSUPPORTED',
      "is not of Gemma's kind",
    ],
    [
      'another decoder',
      (text: string) => text.replace(/"type": ?"ByteFallback"/, '"type":"ByteLevel"'),
      'TOKENIZER_UNSUPPORTED',
      "is not of Gemma's kind",
    ],
    [
      'a normalizer that would take for ever',
      (text: string) =>
        text.replace(
          /"normalizer": ?\{[^}]*\}[^}]*\}/,
          '"normalizer":{"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":"b"}',
        ),
      'TOKENIZER_UNSUPPORTED',
      "its normalizer is 'Replace' and not the one of Gemma",
    ],
    [
      'a normalizer that would make gigabytes of a word',
      (text: string) => text.replace('"content":"\u2581"}', `"content":"${'x'.repeat(1000)}"}`),
      'TOKENIZER_UNSUPPORTED',
      'its normalizer is',
    ],
    [
      'another pre-tokenizer',
      (text: string) => text.replace(/"type": ?"Split"/, '"type":"ByteLevel"'),
      'TOKENIZER_UNSUPPORTED',
      "its pre_tokenizer is 'ByteLevel'",
    ],
    [
      'no location tokens',
      (text: string) => text.replaceAll('<loc', '<lok'),
      'TOKENIZER_UNSUPPORTED',
      'no token <loc0000>',
    ],
    [
      'a location token missing',
      (text: string) => text.replaceAll('<loc0500>', '<loc9500>'),
      'TOKENIZER_UNSUPPORTED',
      'no token <loc0500>',
    ],
    [
      'location tokens in another order',
      (text: string) =>
        text
          .replaceAll('<loc0500>', '<swap>')
          .replaceAll('<loc0501>', '<loc0500>')
          .replaceAll('<swap>', '<loc0501>'),
      'TOKENIZER_UNSUPPORTED',
      '<loc0500> at 1718 instead of 1717',
    ],
  ])('refuses %s', async (_, change, code, message) => {
    await expect(loadTokenizer(await copyWith(change))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses a file far larger than any tokenizer, unread', async () => {
    const copy = await copyWith((text) => text);
    const { truncate } = await import('node:fs/promises');
    await truncate(join(copy, 'tokenizer.json'), 200 * 2 ** 20);
    await expect(loadTokenizer(copy)).rejects.toMatchObject({ code: 'TOKENIZER_DAMAGED' });
  });
});
