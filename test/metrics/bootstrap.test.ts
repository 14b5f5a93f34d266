import { describe, expect, it } from 'vitest';
import { bootstrapInterval, differenceOf, meanOf } from '../../src/metrics/statistics/bootstrap.js';

describe('bootstrapInterval', () => {
  const coins = Array.from({ length: 400 }, (_, i) => i % 2);

  it('is about 1.96 standard errors wide on either side of a mean', () => {
    const { low, high } = bootstrapInterval(meanOf(coins), { size: 400 })!;
    expect(low).toBeCloseTo(0.5 - 1.96 * 0.025, 1);
    expect(high - low).toBeGreaterThan(0.085);
    expect(high - low).toBeLessThan(0.11);
  });

  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number): unknown => bootstrapInterval(meanOf(coins), { size: 400, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('is narrow for the difference of two runs that agree on most', () => {
    const other = coins.map((coin, i) => (i < 4 ? 1 - coin : coin));
    const { low, high } = bootstrapInterval(differenceOf(meanOf(other), meanOf(coins)), { size: 400 })!;
    expect(low).toBeGreaterThan(-0.02);
    expect(high).toBeLessThan(0.02);
  });

  it('is nothing for one thing alone', () => {
    expect(bootstrapInterval(meanOf([1]), { size: 1 })).toBeUndefined();
  });
});
