import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitConcurrency, Semaphore } from '../../src/base/semaphore.js';

it('lets so many in, in the order in which they came, and counts nobody twice', async () => {
  const semaphore = new Semaphore(2);
  const inside: number[] = [];
  const releases: (() => void)[] = [];
  for (let i = 0; i < 5; i++) {
    void semaphore.acquire().then((release) => {
      inside.push(i);
      releases[i] = release;
    });
  }
  const settle = (): Promise<void> => new Promise((next) => setImmediate(next));
  await settle();
  expect(inside).toEqual([0, 1]);
  releases[1]();
  releases[1]();
  await settle();
  expect(inside).toEqual([0, 1, 2]);
  releases[0]();
  releases[2]();
  await settle();
  expect(inside).toEqual([0, 1, 2, 3, 4]);
});

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
