import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecords } from '../../src/answers/parse-records.js';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { RecordGrammar } from '../../src/tokens/record-grammar.js';
import { readLines } from '../support/read-lines.js';

const BOX = '<loc0010><loc0020><loc0300><loc0400>';
const OTHER = '<loc0500><loc0000><loc1023><loc0999>';
const codes = (count: number): string =>
  Array.from({ length: count }, (_, i) => `<seg${String(i * 7).padStart(3, '0')}>`).join('');
const CODES = codes(16);
const bins = [10, 20, 300, 400];
const codeValues = Array.from({ length: 16 }, (_, i) => i * 7);

/** What the answer is read as, without offsets. */
function read(raw: string): { records: unknown[]; rejected: [string, string][]; text: string } {
  const { records, rejected, text } = parseRecords(raw);
  return {
    records: records.map((record) => (record.codes ? [record.label, record.codes.length] : record.label)),
    rejected: rejected.map((one) => [one.raw, one.reason]),
    text,
  };
}

describe('answers that are not as they should be', () => {
  it.each<[string, string, unknown[], [string, string][], string]>([
    ['empty', '', [], [], ''],
    ['blank', ' \n ', [], [], ''],
    ['a newline', '\n', [], [], ''],
    ['prose', 'a cat on a mat', [], [], 'a cat on a mat'],
    ['prose with a semicolon', 'a ; b', [], [], 'a ; b'],
    ['prose with line breaks', 'EXIT\nLEVEL 2', [], [], 'EXIT\nLEVEL 2'],
    ['words in angle brackets', 'see <location> < 3', [], [], 'see <location> < 3'],
    ['one coordinate', '<loc0010>', [], [['<loc0010>', 'one of four coordinates']], ''],
    ['two coordinates', '<loc0010><loc0020>', [], [['<loc0010><loc0020>', 'two of four coordinates']], ''],
    [
      'three and a label',
      '<loc0010><loc0020><loc0300> cat',
      [],
      [['<loc0010><loc0020><loc0300> cat', 'three of four coordinates']],
      '',
    ],
    ['five', `${BOX}<loc0500> cat`, [], [[`${BOX}<loc0500> cat`, '5 coordinates instead of four']], ''],
    [
      'two boxes run together',
      `${BOX}${OTHER} cat`,
      [],
      [[`${BOX}${OTHER} cat`, '8 coordinates instead of four']],
      '',
    ],
    ['no label', BOX, [''], [], ''],
    ['no label, two boxes', `${BOX} ; ${OTHER}`, ['', ''], [], ''],
    ['no label, a space between', `${BOX} ${OTHER}`, ['', ''], [], ''],
    ['no space before the label', `${BOX}cat`, ['cat'], [], ''],
    ['spaces around the label', `${BOX}   cat   `, ['cat'], [], ''],
    ['no spaces around the separator', `${BOX} cat;${OTHER} dog`, ['cat', 'dog'], [], ''],
    ['no separator', `${BOX} cat ${OTHER} dog`, ['cat', 'dog'], [], ''],
    ['a separator at the end', `${BOX} cat ;`, ['cat'], [], ''],
    ['two separators', `${BOX} cat ; ; ${OTHER} dog`, ['cat', 'dog'], [], ''],
    ['a separator first', `; ${BOX} cat`, ['cat'], [], ''],
    ['line breaks as separators', `${BOX} cat\n${OTHER} dog\n`, ['cat', 'dog'], [], ''],
    [
      'inverted',
      `<loc0300><loc0020><loc0010><loc0400> cat`,
      [],
      [['<loc0300><loc0020><loc0010><loc0400> cat', 'inverted box']],
      '',
    ],
    [
      'mirrored',
      `<loc0010><loc0400><loc0300><loc0020> cat`,
      [],
      [['<loc0010><loc0400><loc0300><loc0020> cat', 'inverted box']],
      '',
    ],
    [
      'no height',
      `<loc0010><loc0020><loc0010><loc0400> cat`,
      [],
      [['<loc0010><loc0020><loc0010><loc0400> cat', 'empty box']],
      '',
    ],
    [
      'no width',
      `<loc0010><loc0020><loc0300><loc0020> cat`,
      [],
      [['<loc0010><loc0020><loc0300><loc0020> cat', 'empty box']],
      '',
    ],
    [
      'out of range',
      '<loc0010><loc0020><loc1024><loc0400> cat',
      [],
      [['<loc0010><loc0020><loc1024><loc0400> cat', 'coordinate out of range']],
      '',
    ],
    [
      'too few digits',
      '<loc0010><loc20><loc0300><loc0400> cat',
      [],
      [['<loc0010><loc20><loc0300><loc0400> cat', 'malformed coordinate']],
      '',
    ],
    ['cut inside a token', '<loc0010><loc002', [], [['<loc0010><loc002', 'malformed coordinate']], ''],
    ['cut at its beginning', `${BOX} cat ; <loc`, ['cat'], [['<loc', 'malformed coordinate']], ''],
    ['a mask', `${BOX}${CODES} cat`, [['cat', 16]], [], ''],
    ['a space before the mask', `${BOX} ${CODES} cat`, [['cat', 16]], [], ''],
    ['a mask without a label', `${BOX}${CODES}`, [['', 16]], [], ''],
    [
      'two masks',
      `${BOX}${CODES} cat ; ${OTHER}${CODES} dog`,
      [
        ['cat', 16],
        ['dog', 16],
      ],
      [],
      '',
    ],
    [
      'nine codes, cut by the limit',
      `${BOX}${codes(9)}`,
      [],
      [[`${BOX}${codes(9)}`, '9 of 16 mask codes']],
      '',
    ],
    [
      'nine codes and a label',
      `${BOX}${codes(9)} cat`,
      [],
      [[`${BOX}${codes(9)} cat`, '9 of 16 mask codes']],
      '',
    ],
    [
      '17 codes',
      `${BOX}${codes(17)} cat`,
      [],
      [[`${BOX}${codes(17)} cat`, '17 mask codes instead of 16']],
      '',
    ],
    [
      'a code out of range',
      `${BOX}${codes(15)}<seg128>`,
      [],
      [[`${BOX}${codes(15)}<seg128>`, 'mask code out of range']],
      '',
    ],
    [
      'a malformed code',
      `${BOX}${codes(15)}<seg1>`,
      [],
      [[`${BOX}${codes(15)}<seg1>`, 'malformed mask code']],
      '',
    ],
    ['codes alone', `${CODES} cat`, [], [[CODES, 'mask codes without coordinates']], 'cat'],
    [
      'codes after the label',
      `${BOX} cat ${CODES}`,
      ['cat'],
      [[CODES, 'mask codes without coordinates']],
      '',
    ],
    [
      'one bad between good ones',
      `${BOX} cat ; <loc0001> x ; ${OTHER} dog`,
      ['cat', 'dog'],
      [['<loc0001> x', 'one of four coordinates']],
      '',
    ],
    ['prose before', `I see ${BOX} cat`, ['cat'], [], 'I see'],
    ['prose after', `${BOX} cat ; and that is all`, ['cat'], [], 'and that is all'],
    ['prose between', `${BOX} cat ; then ; ${OTHER} dog`, ['cat', 'dog'], [], 'then'],
    ['the same box again', `${BOX} cat ; ${BOX} cat`, ['cat', 'cat'], [], ''],
    ['an escape sequence in a label', `${BOX} \u001b[31mcat\u0007`, ['cat'], [], ''],
    ['an escape sequence in prose', '\u001b]0;title\u0007a cat', [], [], 'a cat'],
    ['a line break in a label', `${BOX} wine\n glass`, ['wine glass'], [], ''],
  ])('%s', (_, raw, records, rejected, text) => {
    expect(read(raw)).toEqual({ records, rejected, text });
  });
});

describe('labels', () => {
  it.each([
    "man's hat",
    'red, white car',
    'a/c (unit)',
    'salt & pepper',
    '7.5 inch',
    'a;b',
    'x < y',
    'Straße',
    '猫 ☕',
    'قطة',
    'C#/.NET "quoted" [x] {y} 50%',
  ])('%s stays whole', (label) => {
    for (const mask of ['', CODES, ` ${CODES}`]) {
      const { records, rejected, text } = parseRecords(`${BOX}${mask} ${label} ; ${OTHER}${mask} ${label}`);
      expect(records.map((record) => record.label)).toEqual([label, label]);
      expect({ rejected, text }).toEqual({ rejected: [], text: '' });
    }
  });
});

describe('parseRecords', () => {
  it('gives values and places', () => {
    const raw = `so: ${BOX} ${CODES}  cat ; x`;
    const { records } = parseRecords(raw);
    expect(records).toHaveLength(1);
    const [{ start, end, labelStart, ...record }] = records;
    expect(record).toEqual({ bins, codes: codeValues, label: 'cat' });
    expect(raw.slice(start, end)).toBe(`${BOX} ${CODES}  cat`);
    expect(raw.slice(labelStart, end)).toBe('cat');
  });

  it('has no codes field for a box', () => {
    expect(parseRecords(BOX).records).toEqual([{ bins, label: '', start: 0, end: 36, labelStart: 36 }]);
  });

  it('rejects nothing in the recorded answers of the demo model', () => {
    const lines = readLines<{ prompts: { prompt: string; output: string }[] }>('golden/golden.jsonl');
    const outputs = lines.flatMap((line) => line.prompts);
    for (const { prompt, output } of outputs) {
      const { records, rejected, text } = parseRecords(output);
      expect(rejected, output).toEqual([]);
      if (/^(detect|segment) /.test(prompt)) {
        expect(records).toHaveLength(output === '' ? 0 : output.split(' ; ').length);
        expect(text).toBe('');
      } else {
        expect(text).toBe(output);
      }
    }
  });

  const piece = fc.oneof(
    fc.integer({ min: 0, max: 1100 }).map((value) => `<loc${String(value).padStart(4, '0')}>`),
    fc.integer({ min: 0, max: 140 }).map((value) => `<seg${String(value).padStart(3, '0')}>`),
    fc.constantFrom(' ', ' ; ', ';', '\n', '<loc', '<seg12>', '<loc12', '<', '>', '\u001b[1m', '\u0007'),
    fc.constantFrom(BOX, OTHER, CODES, BOX + CODES),
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.nat(9999).map((number) => `word${number}.`),
  );
  const answer = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

  it('takes anything, and what it takes is well formed', () => {
    fc.assert(
      fc.property(answer, (raw) => {
        let last = 0;
        for (const { bins, codes, label, start, labelStart, end } of parseRecords(raw).records) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(raw.slice(start, start + 4)).toBe('<loc');
          expect(labelStart).toBeGreaterThanOrEqual(start + 36);
          expect(end).toBeGreaterThanOrEqual(labelStart);
          last = end;
          expect(bins.every((bin) => bin >= 0 && bin <= 1023)).toBe(true);
          expect(bins[0] < bins[2] && bins[1] < bins[3]).toBe(true);
          if (codes)
            expect(codes.length === 16 && codes.every((code) => code >= 0 && code <= 127)).toBe(true);
          expect(label).toBe(label.trim());
          expect(label).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('puts everything into a record, a reject or the text', () => {
    const tokens = (text: string): number => (text.match(/<(loc|seg)\d+>/g) ?? []).length;
    const words = (text: string): string[] => (text.match(/word\d+\./g) ?? []).sort();
    fc.assert(
      fc.property(answer, (any) => {
        // A control character inside a token hides it; that is for the other test.
        const raw = any.replace(/\p{Cc}(\[1m)?/gu, '');
        const { records, rejected, text } = parseRecords(raw);
        const taken = records.reduce((sum, { codes }) => sum + 4 + (codes?.length ?? 0), 0);
        const refused = rejected.map((one) => one.raw).join('|');
        expect(taken + tokens(refused)).toBe(tokens(raw));
        expect(tokens(text)).toBe(0);
        expect(words([...records.map(({ label }) => label), refused, text].join('|'))).toEqual(words(raw));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['coordinates', '<loc0001>'],
    ['beginnings', '<loc'],
    ['digits', '1'],
    ['spaces', ' '],
    ['separators', ' ;'],
    ['boxes', BOX],
    ['escapes', '\u001b]'],
  ])('is done with a megabyte of %s', (_, unit) => {
    for (const raw of [unit.repeat(1e6 / unit.length), `${BOX} ${unit.repeat(1e6 / unit.length)}x`]) {
      expect(parseRecords(raw).text.length).toBeLessThanOrEqual(raw.length);
    }
  });
});

describe('what the grammar accepts', async () => {
  const tokenizer = await loadTokenizer('fixtures/demo');
  it.each(['detect', 'segment'] as const)('is read without a reject: %s', (kind) => {
    const { eos, firstLoc } = tokenizer.tokens;
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(2 ** 30)), fc.integer({ min: 1, max: 90 }), (numbers, length) => {
        const grammar = new RecordGrammar(kind, tokenizer);
        // The tokens that matter come often: locations of all heights, the semicolon, the space, the angle.
        const common = [...tokenizer.encode(' ; ;<loc;a;☕'), firstLoc, firstLoc + 100, firstLoc + 1023, eos];
        const ids: number[] = [];
        let records = 0;
        while (grammar.expected !== 'nothing') {
          const number = numbers.next().value as number;
          const isEnding = ids.length > length;
          const id =
            isEnding && grammar.allows(eos)
              ? eos
              : number % 3 === 0
                ? common[(number >> 2) % common.length]
                : (number >> 2) % tokenizer.vocabSize;
          if (!grammar.allows(id)) continue;
          if (grammar.expected.startsWith('loc-or'))
            records += id >= firstLoc && id < firstLoc + 1024 ? 1 : 0;
          grammar.accept(id);
          ids.push(id);
        }
        const raw = tokenizer.decode(ids.slice(0, -1));
        const parsed = parseRecords(raw);
        expect(parsed.rejected, raw).toEqual([]);
        expect(parsed.records, raw).toHaveLength(records);
        expect(parsed.records.every(({ codes }) => (codes !== undefined) === (kind === 'segment'))).toBe(
          true,
        );
      }),
      { numRuns: 150 },
    );
  });
});
