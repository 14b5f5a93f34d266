import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/base/errors.js';
import { closeProperly } from '../../../src/base/signals/close-properly.js';
import { unlessStuck } from '../../../src/base/signals/unless-stuck.js';

const never = new Promise<void>(() => undefined);

async function* count(then: Promise<void>, ended: string[]): AsyncGenerator<number, void, undefined> {
  try {
    yield 1;
    yield 2;
    await then;
  } finally {
    ended.push('ended');
  }
}

describe('unlessStuck', () => {
  it('gives every item and ends as they do, also when it is left', async () => {
    const { signal } = new AbortController();
    const ended: string[] = [];
    const taken: number[] = [];
    for await (const item of unlessStuck(count(Promise.resolve(), ended), signal)) taken.push(item);
    for await (const item of unlessStuck(count(never, ended), signal)) {
      taken.push(item);
      break;
    }
    expect([taken, ended]).toEqual([
      [1, 2, 1],
      ['ended', 'ended'],
    ]);
  });

  it('gives up what does not come after Ctrl-C, but not a file that is being closed', async () => {
    const stop = new AbortController();
    const taken: number[] = [];
    let close = (): void => undefined;
    let isClosed = false;
    const run = async (): Promise<void> => {
      for await (const item of unlessStuck(count(never, []), stop.signal, 1)) {
        taken.push(item);
        if (item !== 2) continue;
        void closeProperly(new Promise<void>((resolve) => (close = resolve)));
        stop.abort();
        setTimeout(() => {
          isClosed = true;
          close();
        }, 50);
      }
    };
    await expect(run()).rejects.toBeInstanceOf(CancelledError);
    expect([taken, isClosed]).toEqual([[1, 2], true]);
  });
});
