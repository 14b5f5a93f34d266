import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { buildLabelTrie } from '../../src/tokens/label-trie.js';
import { RecordGrammar, type RecordKind } from '../../src/tokens/record-grammar.js';
import { splitThings } from '../../src/tokens/split-things.js';
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

describe('RecordGrammar with bound labels', () => {
  const labels = buildLabelTrie(['xylophone', 'cup', 'cup of tea'], tokenizer)!;

  function bound(ids: readonly number[]): RecordGrammar {
    const grammar = new RecordGrammar('detect', tokenizer, labels);
    for (const id of ids) grammar.accept(id);
    return grammar;
  }
  const label = (name: string): number[] => tokenizer.encode(`<loc0000> ${name}`).slice(1);

  it('takes the names that were asked for, and no others', () => {
    for (const name of ['xylophone', 'cup', 'cup of tea']) {
      expect(bound([...box, ...label(name)]).allows(eos)).toBe(true);
    }
    const [dog] = label('dog');
    expect(bound(box).allows(dog)).toBe(false);
    // A record may have no label at all.
    expect(bound(box).allows(eos)).toBe(true);
    const next = tokenizer.encode('<loc0000> cup ; <loc0001>').slice(1);
    expect(bound([...box, ...next.slice(0, -1)]).allows(firstLoc + 1)).toBe(true);
    expect(bound([...box, ...label('cup'), ...label('of')]).allows(eos)).toBe(false);
  });

  it('knows the tokens that must come', () => {
    const [first, ...rest] = label('xylophone');
    expect(rest.length).toBeGreaterThan(0);
    expect(bound(box).forcedIds).toEqual([]);
    expect(bound([...box, first]).forcedIds).toEqual(rest);
    expect(bound([...box, ...label('cup')]).forcedIds).toEqual([]);
    expect(new RecordGrammar('detect', tokenizer).forcedIds).toEqual([]);
  });

  it('takes the golden answers, but for one that names what was not asked for', () => {
    interface Prompt {
      prompt: string;
      output_ids: number[];
    }
    const prompts = readLines<{ prompts: Prompt[] }>('golden/golden.jsonl').flatMap((line) => line.prompts);
    const refused = prompts.filter(({ prompt, output_ids }) => {
      const [kind, ...words] = prompt.split(' ');
      if (kind !== 'detect' && kind !== 'segment') return false;
      const grammar = new RecordGrammar(
        kind,
        tokenizer,
        buildLabelTrie(splitThings(words.join(' ')), tokenizer),
      );
      return !output_ids.every((id) => {
        const isAllowed = grammar.allows(id);
        if (isAllowed) grammar.accept(id);
        return isAllowed;
      });
    });
    expect(refused.map(({ prompt }) => prompt)).toEqual(['detect sun ; glasses']);
  });

  it('leaves the names to the model for `object`, and for names that no answer can spell', () => {
    for (const word of ['object', 'Objects', 'all', 'everything']) {
      expect(buildLabelTrie([word], tokenizer)).toBeUndefined();
    }
    expect(buildLabelTrie(['a <b>'], tokenizer)).toBeUndefined();
    expect(buildLabelTrie(['object', 'cup'], tokenizer)).toBeDefined();
  });
});
