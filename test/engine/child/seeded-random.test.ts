import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';

describe('SeededRandom', () => {
  it('gives the numbers of the published generator', () => {
    // The first outputs of xoshiro128** from the state 1, 2, 3, 4, as the rand_xoshiro crate tests them too.
    const random = new SeededRandom(Uint32Array.of(1, 2, 3, 4));
    const expected = [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849];
    expect(expected.map(() => random.nextBits())).toEqual(expected);
  });

  it('repeats for the same seed and differs for others, also beyond 32 bits', () => {
    const take = (seed: number): number[] => {
      const random = SeededRandom.fromSeed(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(take(7)).toEqual(take(7));
    const firsts = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40].map((seed) => take(seed)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('fills [0, 1) evenly', () => {
    const random = SeededRandom.fromSeed(3);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[Math.floor(random.next() * 10)]++;
    // Standard deviation 30.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
