import { describe, expect, it } from 'vitest';
import { RepetitionDetector } from '../../src/answers/repetition-detector.js';
import { loadTokenizer } from '../../src/tokens/load-tokenizer.js';
import { readLines } from '../support/read-lines.js';

const tokenizer = await loadTokenizer('fixtures/demo');

/** What is left of an answer, and how many tokens it took to see the repetition. */
function watch(ids: readonly number[]): { kept: string; taken: number } | undefined {
  const detector = new RepetitionDetector(tokenizer.tokens);
  let taken = 0;
  for (const id of ids) {
    taken++;
    const keep = detector.push(id, tokenizer.pieceOf(id)!);
    if (keep !== undefined) return { kept: tokenizer.decode(ids.slice(0, keep)), taken };
  }
  const keep = detector.finish();
  return keep === undefined ? undefined : { kept: tokenizer.decode(ids.slice(0, keep)), taken };
}
const keptOf = (answer: string): string | undefined => watch(tokenizer.encode(answer))?.kept;

const A = '<loc0010><loc0020><loc0300><loc0400>';
const B = '<loc0500><loc0000><loc1023><loc0999>';
const MASK = '<seg001>'.repeat(16);

describe('a repeated record', () => {
  it.each([
    ['at once', `${A} cat ; ${A} cat ; ${A} cat`, `${A} cat`],
    ['as the last', `${A} cat ; ${A} cat`, `${A} cat`],
    ['after another', `${A} cat ; ${B} dog ; ${A} cat ; ${B} dog`, `${A} cat ; ${B} dog`],
    ['without labels', `${A} ; ${B} ; ${B}`, `${A} ; ${B}`],
    ['without separators', `${A} cat${A} cat${A}`, `${A} cat`],
    ['with masks', `${A}${MASK} cat ; ${A}${MASK} cat ; `, `${A}${MASK} cat`],
    ['with a label of bytes', `${A} 猫 ; ${A} 猫 ; `, `${A} 猫`],
    ['after prose', `I see ${A} cat ; and ${A} cat ; `, `I see ${A} cat`],
  ])('%s stops the answer', (_, answer, kept) => {
    expect(keptOf(answer)).toBe(kept);
  });

  it.each([
    ['other labels', `${A} cat ; ${A} dog ; ${A} cat and dog`],
    ['labels of other bytes', `${A} 猫 ; ${A} 犬 ; ${A} 鳥`],
    ['other boxes', `${A} cat ; ${B} cat`],
    ['a box more precise by one bin', `${A} cat ; <loc0010><loc0020><loc0300><loc0401> cat`],
    ['other masks', `${A}${MASK} cat ; ${A}${MASK.slice(0, -8)}<seg002> cat`],
    ['a mask of one code', `${A}${MASK} cat`],
    ['nothing', ''],
  ])('is not seen in %s', (_, answer) => {
    expect(keptOf(answer)).toBeUndefined();
  });

  it('is seen as soon as its separator is there', () => {
    const ids = tokenizer.encode(`${A} cat ; ${A} cat ; ${B} dog`);
    const upTo = tokenizer.encode(`${A} cat ; ${A} cat ;`).length;
    expect(watch(ids)).toEqual({ kept: `${A} cat`, taken: upTo });
  });
});

describe('repeated text', () => {
  const words = (text: string, times: number): number[] => [
    ...tokenizer.encode('a dog'),
    ...Array.from({ length: times }, () => tokenizer.encode(text)).flat(),
  ];

  it.each([
    ['one token', ' cat'],
    ['three tokens', ' cat dog bird'],
    ['a sentence', ' the man is in the house and the woman is in the garden'],
  ])('of %s is cut to one copy', (_, chunk) => {
    const length = tokenizer.encode(chunk).length;
    const result = watch(words(chunk, 30))!;
    expect(result.kept).toBe(`a dog${chunk}`);
    expect(result.taken).toBeLessThanOrEqual(tokenizer.encode('a dog').length + Math.max(16, 4 * length));
  });

  it.each([
    ['three copies', words(' the man is in the house and the woman is in the garden', 3)],
    ['a few equal words', tokenizer.encode('ha ha ha ha ha')],
    ['a number with zeros', tokenizer.encode('1000000000000')],
    ['a list', tokenizer.encode('a cat, a dog, a cow, a bird, a fish, a fox, a bear, a frog, a bee')],
  ])('is not seen in %s', (_, ids) => {
    expect(watch(ids)).toBeUndefined();
  });
});

it('none of the recorded answers of the demo model repeats itself', () => {
  const prompts = readLines<{ prompts: { output: string; output_ids: number[] }[] }>('golden/golden.jsonl');
  for (const { output, output_ids } of prompts.flatMap((line) => line.prompts)) {
    expect(watch(output_ids.filter((id) => id !== tokenizer.tokens.eos)), output).toBeUndefined();
  }
});
