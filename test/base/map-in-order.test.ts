import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapInOrder } from '../../src/base/map-in-order.js';

async function* feed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('mapInOrder', () => {
  it('keeps the order and the limit whatever finishes first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (s, items, limit) => {
          let active = 0;
          let most = 0;
          const convert = async (item: number): Promise<number> => {
            most = Math.max(most, ++active);
            await s.schedule(Promise.resolve());
            active--;
            return item * 2;
          };
          const collected = (async () => {
            const results = [];
            for await (const result of mapInOrder(feed(items), limit, convert)) results.push(result);
            return results;
          })();
          expect(await s.waitFor(collected)).toEqual(items.map((item) => item * 2));
          expect(most).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on while one is slow, until as many as may be are ready', async () => {
    const started: number[] = [];
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const items = Array.from({ length: 20 }, (_, i) => i);
    const convert = async (item: number): Promise<number> => {
      started.push(item);
      if (item === 1) await slow;
      return item;
    };
    const results: number[] = [];
    const collected = (async () => {
      for await (const result of mapInOrder(feed(items), 3, convert, 5)) results.push(result);
    })();
    // The slow one, two beside it, and five that are ready.
    await expect.poll(() => started).toEqual(items.slice(0, 9));
    expect(results).toEqual([0]);
    finish();
    await collected;
    expect(results).toEqual(items);
  });

  it('yields a result although the next input never comes', async () => {
    async function* stuck(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const results = mapInOrder(stuck(), 4, async (item) => item);
    expect(await results.next()).toEqual({ value: 1, done: false });
  });

  it('yields what came before a failure, then throws', async () => {
    const results = mapInOrder(feed([1, 2, 3]), 3, async (item) => {
      if (item === 2) throw new Error('two');
      return item;
    });
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow('two');
  });

  it('does not read further ahead than the limit', async () => {
    let read = 0;
    async function* count(): AsyncGenerator<number> {
      for (;;) yield ++read;
    }
    const results = mapInOrder(count(), 3, async (item) => item);
    await results.next();
    await results.return();
    expect(read).toBeLessThanOrEqual(4);
  });
});
