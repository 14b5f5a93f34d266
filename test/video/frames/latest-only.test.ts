import { describe, expect, it } from 'vitest';
import { latestOnly } from '../../../src/video/frames/latest-only.js';

/** A source that gives when it is told to. */
class Tap implements AsyncIterator<number> {
  readonly #waiting: ((result: IteratorResult<number>) => void)[] = [];
  readonly #failing: ((error: Error) => void)[] = [];

  next(): Promise<IteratorResult<number>> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      this.#failing.push(reject);
    });
  }

  async give(value: number): Promise<void> {
    this.#failing.shift();
    this.#waiting.shift()!({ done: false, value });
    await settle();
  }

  async end(error?: Error): Promise<void> {
    const [resolve, reject] = [this.#waiting.shift()!, this.#failing.shift()!];
    if (error) reject(error);
    else resolve({ done: true, value: undefined });
    await settle();
  }
}

/** Let everything that can go on without new input go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('latestOnly', () => {
  it('gives the newest of what came while the reader was busy, and tells of the others', async () => {
    const tap = new Tap();
    const dropped: number[] = [];
    const newest = latestOnly(tap, (item) => dropped.push(item));
    const first = newest.next();
    await tap.give(1);
    expect((await first).value).toBe(1);
    for (const item of [2, 3, 4]) await tap.give(item);
    expect(dropped).toEqual([2, 3]);
    expect((await newest.next()).value).toBe(4);
    await tap.give(5);
    await tap.end();
    expect((await newest.next()).value).toBe(5);
    expect(await newest.next()).toEqual({ done: true, value: undefined });
    expect(dropped).toEqual([2, 3]);
  });

  it('gives what came before a failure, then the failure', async () => {
    const tap = new Tap();
    const newest = latestOnly(tap, () => undefined);
    const first = newest.next();
    await tap.give(1);
    await first;
    await tap.give(2);
    await tap.end(new Error('unplugged'));
    expect((await newest.next()).value).toBe(2);
    await expect(newest.next()).rejects.toThrow('unplugged');
  });

  it('drops what comes after the reader has left', async () => {
    const tap = new Tap();
    const dropped: number[] = [];
    const newest = latestOnly(tap, (item) => dropped.push(item));
    const first = newest.next();
    await tap.give(1);
    await first;
    await newest.return();
    await tap.give(2);
    expect(dropped).toEqual([2]);
  });
});
