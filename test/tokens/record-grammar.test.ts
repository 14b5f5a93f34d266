import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { RecordGrammar, type RecordKind } from '../../src/tokens/record-grammar.js';
import { readLines } from '../support/read-lines.js';

const tokenizer = await loadTokenizer('fixtures/demo');
const { eos, bos, image, pad, firstLoc, firstSeg } = tokenizer.tokens;
const box = [10, 20, 300, 400].map((bin) => firstLoc + bin);
const codes = Array.from({ length: 16 }, (_, i) => firstSeg + i * 8);
const text = (label: string): number[] => tokenizer.encode(label);

/** How many of these ids the grammar takes, one after the other. */
function countAccepted(kind: RecordKind, ids: readonly number[]): number {
  const grammar = new RecordGrammar(kind, tokenizer);
  for (const [i, id] of ids.entries()) {
    if (!grammar.allows(id)) return i;
    grammar.accept(id);
  }
  return ids.length;
}

/** A grammar that has taken these ids. */
function after(kind: RecordKind, ids: readonly number[]): RecordGrammar {
  const grammar = new RecordGrammar(kind, tokenizer);
  for (const id of ids) grammar.accept(id);
  return grammar;
}

describe('RecordGrammar', () => {
  it('takes every recorded detect and segment answer of the demo model', () => {
    interface Prompt {
      prompt: string;
      output_ids: number[];
    }
    const prompts = readLines<{ prompts: Prompt[] }>('golden/golden.jsonl').flatMap((line) => line.prompts);
    const records = prompts.filter(({ prompt }) => /^(detect|segment) /.test(prompt));
    expect(records.length).toBeGreaterThan(170);
    for (const { prompt, output_ids } of records) {
      const kind = prompt.startsWith('detect') ? 'detect' : 'segment';
      expect(countAccepted(kind, output_ids), `${prompt}: ${tokenizer.decode(output_ids)}`).toBe(
        output_ids.length,
      );
    }
  });

  it.each<[string, RecordKind, number[]]>([
    ['nothing found', 'detect', [eos]],
    ['a box without a label', 'detect', [...box, eos]],
    ['a box with a label', 'detect', [...box, ...text(" man's hat, red (old)"), eos]],
    ['two boxes', 'detect', [...box, ...text(' cat ; '), ...box, ...text(' dog'), eos]],
    ['two boxes without labels', 'detect', [...box, ...text(' ; '), ...box, eos]],
    ['a semicolon inside a word', 'detect', [...box, ...text(' a;b'), eos]],
    ['a mask', 'segment', [...box, ...codes, ...text(' cat'), eos]],
    ['a mask without a label', 'segment', [...box, ...codes, eos]],
    ['a space before the codes', 'segment', [...box, ...text(' '), ...codes, ...text(' cat'), eos]],
    ['a label of byte tokens', 'detect', [...box, ...text(' 猫☕'), eos]],
  ])('takes %s', (_, kind, ids) => {
    expect(countAccepted(kind, ids)).toBe(ids.length);
  });

  it.each<[string, RecordKind, number[], number[]]>([
    ['text at the start', 'detect', [], text('cat')],
    ['<eos> after two coordinates', 'detect', box.slice(0, 2), [eos]],
    ['text after three coordinates', 'detect', box.slice(0, 3), text(' cat')],
    ['a fifth coordinate', 'detect', box, [firstLoc + 500]],
    ['codes in a detect answer', 'detect', box, codes.slice(0, 1)],
    ['a label without codes in a segment answer', 'segment', box, text(' cat')],
    ['<eos> after nine codes', 'segment', [...box, ...codes.slice(0, 9)], [eos]],
    ['text after nine codes', 'segment', [...box, ...codes.slice(0, 9)], text(' ')],
    ['a 17th code', 'segment', [...box, ...codes], [firstSeg]],
    ['a box straight after a label', 'detect', [...box, ...text(' cat')], box.slice(0, 1)],
    ['<eos> after the separator', 'detect', [...box, ...text(' cat ;')], [eos]],
    ['text after the separator', 'detect', [...box, ...text(' cat ;')], text('dog')],
    ['a third space after the separator', 'detect', [...box, ...text(' cat ;   ')].slice(0, -1), text(' ')],
    ['a bottom above the top', 'detect', box.slice(0, 2), [firstLoc + 10]],
    ['a right side left of the left one', 'detect', box.slice(0, 3), [firstLoc + 19]],
    ['a top that leaves no room', 'detect', [], [firstLoc + 1023]],
    ['a left side that leaves no room', 'detect', box.slice(0, 1), [firstLoc + 1023]],
    ['a letter that could spell a token', 'detect', box, text('<')],
    ['a line break in a label', 'detect', [...box, ...text(' cat')], text('\n')],
    ['<bos>', 'detect', box, [bos]],
    ['<image>', 'detect', box, [image]],
    ['<pad>', 'detect', box, [pad]],
    ['an id outside the vocabulary', 'detect', box, [tokenizer.vocabSize]],
    ['anything after <eos>', 'detect', [eos], [eos]],
  ])('refuses %s', (_, kind, before, next) => {
    const grammar = after(kind, before);
    expect(grammar.allows(next[0])).toBe(false);
    expect(() => grammar.accept(next[0])).toThrow('is not allowed');
  });

  it('says what it expects', () => {
    const states = (kind: RecordKind, ids: number[]): string => after(kind, ids).expected;
    expect(states('detect', [])).toBe('loc-or-end');
    expect(states('detect', box.slice(0, 1))).toBe('loc');
    expect(states('detect', box)).toBe('label-or-end');
    expect(states('segment', box)).toBe('seg-or-space');
    expect(states('segment', [...box, ...codes.slice(0, 1)])).toBe('seg');
    expect(states('segment', [...box, ...codes])).toBe('label-or-end');
    expect(states('detect', [...box, ...text(' cat ;')])).toBe('loc-or-space');
    expect(states('detect', [...box, eos])).toBe('nothing');
  });
});
