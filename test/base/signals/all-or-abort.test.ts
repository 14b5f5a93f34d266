import { describe, expect, it } from 'vitest';
import { allOrAbort } from '../../../src/base/signals/all-or-abort.js';

/** Never ends by itself; says when it was stopped. */
function untilStopped(onStop: () => void): (signal: AbortSignal) => Promise<string> {
  return (signal) =>
    new Promise((_, reject) => {
      // It takes a while to stop: who does not wait for it sees nothing of that.
      signal.addEventListener('abort', () => {
        setTimeout(() => {
          onStop();
          reject(new Error('stopped'));
        }, 10);
      });
    });
}

describe('allOrAbort', () => {
  it('gives all results in order', async () => {
    expect(await allOrAbort([async () => 1, async () => 2])).toEqual([1, 2]);
    expect(await allOrAbort([])).toEqual([]);
  });

  it('stops the others at the first failure, waits for them, and throws that failure', async () => {
    let isStopped = false;
    const failing = async (): Promise<string> => Promise.reject(new Error('first'));
    await expect(allOrAbort([untilStopped(() => (isStopped = true)), failing])).rejects.toThrow('first');
    expect(isStopped).toBe(true);
  });

  it('throws what is falsy, too', async () => {
    await expect(allOrAbort([async () => Promise.reject(undefined as unknown as Error)])).rejects.toBe(
      undefined,
    );
  });

  it('is stopped by its signal, with the reason given', async () => {
    const controller = new AbortController();
    const work = allOrAbort(
      [
        async (signal) => {
          await new Promise((settle) => signal.addEventListener('abort', settle));
          signal.throwIfAborted();
        },
      ],
      controller.signal,
    );
    controller.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });
});
