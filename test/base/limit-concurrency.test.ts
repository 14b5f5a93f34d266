import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitConcurrency } from '../../src/base/limit-concurrency.js';

describe('limitConcurrency', () => {
  it('keeps the limit, begins in order, and lets every call end, those that fail too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (s, failures, limit) => {
          const limited = limitConcurrency(limit);
          const begun: number[] = [];
          let [active, most] = [0, 0];
          const calls = failures.map((fails, i) =>
            limited(async () => {
              begun.push(i);
              most = Math.max(most, ++active);
              await s.schedule(Promise.resolve());
              active--;
              if (fails) throw new Error('failed');
            }).then(
              () => false,
              () => true,
            ),
          );
          expect(await s.waitFor(Promise.all(calls))).toEqual(failures);
          expect(begun).toEqual(failures.map((_, i) => i));
          expect(most).toBe(Math.min(limit, failures.length));
        },
      ),
      { numRuns: 50 },
    );
  });
});
