import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/base/errors.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';
import { listAlternatives, pickToken } from '../../../src/engine/child/sampler.js';
import { RecordGrammar } from '../../../src/tokens/record-grammar.js';
import { EOS, fakeTokenizer, idOf, rowOf, stepLogits, tokens } from '../../support/fake-model.js';

const a = idOf('a');
const b = idOf('b');
const c = idOf('c');
const loc = (value: number): number => tokens.firstLoc + value;
const seg = (value: number): number => tokens.firstSeg + value;
const greedy = { temperature: 0, topP: 1, seed: 0 };
const never = {
  next: (): number => {
    throw new Error('greedy needs no random number');
  },
};

/** A detect or segment grammar that has read `ids`. */
function grammarAfter(kind: 'detect' | 'segment', ids: readonly number[]): RecordGrammar {
  const grammar = new RecordGrammar(kind, fakeTokenizer);
  for (const id of ids) grammar.accept(id);
  return grammar;
}

const box = [loc(10), loc(20), loc(30), loc(40)];

describe('pickToken, greedy', () => {
  it.each<[string, Record<number, number>, number]>([
    ['the likeliest', { [a]: 1, [b]: 3, [c]: 2 }, b],
    ['the first of equal ones', { [c]: 3, [b]: 3, [a]: 1 }, b],
    ['a location, unconstrained', { [loc(5)]: 4, [a]: 3 }, loc(5)],
    ['the end', { [EOS]: 4, [a]: 3 }, EOS],
  ])('takes %s', (_name, values, expected) => {
    const picked = pickToken(stepLogits(rowOf(values)), { sampling: greedy, random: never, tokens });
    expect(picked.id).toBe(expected);
  });

  it('says the natural-log probability under the whole vocabulary', () => {
    const row = rowOf({ [a]: 2, [b]: 1 });
    const sum = row.reduce((total, value) => total + Math.exp(value), 0);
    const picked = pickToken(stepLogits(row), { sampling: greedy, random: never, tokens });
    expect(picked.logprob).toBeCloseTo(2 - Math.log(sum), 5);
  });

  it('refuses numbers that are not finite', () => {
    const logits = { ...stepLogits(rowOf({ [a]: 1 })), logSumExp: Number.NaN };
    expect(() => pickToken(logits, { sampling: greedy, random: never, tokens })).toThrow(EngineError);
  });
});

describe('pickToken with a grammar', () => {
  it.each<[string, 'detect' | 'segment', number[], Record<number, number>, number]>([
    ['a location where text is likelier', 'detect', [loc(10)], { [a]: 9, [loc(7)]: 2, [loc(8)]: 3 }, loc(8)],
    ['a location not among the likeliest', 'detect', [loc(10)], { [loc(500)]: -19 }, loc(500)],
    ['the end where it may come and is likelier', 'detect', [], { [EOS]: 5, [loc(1)]: 4 }, EOS],
    ['a location where the end is less likely', 'detect', [], { [EOS]: 3, [loc(1)]: 4, [a]: 9 }, loc(1)],
    [
      'no location that makes the box empty',
      'detect',
      [loc(10), loc(20)],
      { [loc(9)]: 5, [loc(11)]: 4 },
      loc(11),
    ],
    ['a code after the box', 'segment', box, { [a]: 9, [seg(3)]: 1 }, seg(3)],
    ['a label after the box', 'detect', box, { [loc(3)]: 9, [a]: 1 }, a],
  ])('takes %s', (_name, kind, before, values, expected) => {
    const grammar = grammarAfter(kind, before);
    const picked = pickToken(stepLogits(rowOf(values)), { sampling: greedy, random: never, tokens, grammar });
    expect(picked.id).toBe(expected);
    expect(grammar.allows(picked.id)).toBe(true);
  });

  it('ends an answer that may end when nothing likely is allowed', () => {
    const row = rowOf({}, -20);
    // 64 tokens that no label may hold.
    for (let i = 0; i < 64; i++) row[loc(i)] = 5;
    const picked = pickToken(stepLogits(row), {
      sampling: greedy,
      random: never,
      tokens,
      grammar: grammarAfter('detect', box),
    });
    expect(picked.id).toBe(EOS);
  });

  it('keeps the probability of the unconstrained model', () => {
    const logits = stepLogits(rowOf({ [a]: 9, [loc(8)]: 3 }));
    const grammar = grammarAfter('detect', [loc(10)]);
    const picked = pickToken(logits, { sampling: greedy, random: never, tokens, grammar });
    expect(picked).toEqual({ id: loc(8), logprob: 3 - logits.logSumExp });
  });

  it('draws only what is allowed, far down the list too', () => {
    const grammar = grammarAfter('detect', [loc(10)]);
    const random = SeededRandom.fromSeed(1);
    const logits = stepLogits(rowOf({ [a]: 9, [b]: 8 }, 0));
    const drawn = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const sampling = { temperature: 1, topP: 1, seed: 0 };
      drawn.add(pickToken(logits, { sampling, random, tokens, grammar }).id);
    }
    expect([...drawn].every((id) => grammar.allows(id))).toBe(true);
    expect(drawn.size).toBeGreaterThan(64);
  });
});

describe('pickToken, sampled', () => {
  /** Shares of 4000 draws of a, b and c, whose probabilities are about 0.6, 0.3 and 0.1. */
  function drawShares(temperature: number, topP: number): Map<number, number> {
    const logits = stepLogits(rowOf({ [a]: Math.log(6), [b]: Math.log(3), [c]: Math.log(1) }));
    const random = SeededRandom.fromSeed(11);
    const shares = new Map<number, number>();
    for (let i = 0; i < 4000; i++) {
      const { id } = pickToken(logits, { sampling: { temperature, topP, seed: 0 }, random, tokens });
      shares.set(id, (shares.get(id) ?? 0) + 1 / 4000);
    }
    return shares;
  }

  // Standard deviation of a share below 0.008.
  it.each<[number, number, [number, number, number]]>([
    [1, 1, [0.6, 0.3, 0.1]],
    [1, 0.85, [2 / 3, 1 / 3, 0]],
    [1, 0.5, [1, 0, 0]],
    [1, 1e-9, [1, 0, 0]],
    [0.5, 1, [36 / 46, 9 / 46, 1 / 46]],
    [2, 1, [0.473, 0.334, 0.193]],
    [1e-6, 1, [1, 0, 0]],
  ])('temperature %d, top-p %d', (temperature, topP, expected) => {
    const shares = drawShares(temperature, topP);
    for (const [i, id] of [a, b, c].entries()) {
      expect(Math.abs((shares.get(id) ?? 0) - expected[i])).toBeLessThan(0.04);
      if (expected[i] === 0) expect(shares.has(id)).toBe(false);
    }
  });

  it('takes the last one kept when the random number is as large as it gets', () => {
    const logits = stepLogits(rowOf({ [a]: 1, [b]: 0.5 }), 2);
    const sampling = { temperature: 1, topP: 1, seed: 0 };
    expect(pickToken(logits, { sampling, random: { next: () => 1 }, tokens }).id).toBe(b);
  });
});

describe('listAlternatives', () => {
  it('gives the likeliest, best first, none when none are wanted', () => {
    const logits = stepLogits(rowOf({ [a]: 1, [b]: 3, [c]: 2 }));
    expect(listAlternatives(logits, 2).map(({ id }) => id)).toEqual([b, c]);
    expect(listAlternatives(logits, 2)[0].logprob).toBe(3 - logits.logSumExp);
    expect(listAlternatives(logits, 0)).toEqual([]);
  });
});
