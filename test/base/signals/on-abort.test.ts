import { describe, expect, it } from 'vitest';
import { onAbort } from '../../../src/base/signals/on-abort.js';

const turn = (): Promise<void> => new Promise(setImmediate);

describe('onAbort', () => {
  it('calls once, when the signal is aborted, unless it was told to stop', () => {
    const controller = new AbortController();
    const calls: string[] = [];
    onAbort(controller.signal, () => calls.push('heard'));
    onAbort(controller.signal, () => calls.push('stopped'))();
    expect(calls).toEqual([]);
    controller.abort();
    expect(calls).toEqual(['heard']);
  });

  it('calls as well when the signal was aborted before, once the caller can stop it', async () => {
    const calls: string[] = [];
    const stop = onAbort(AbortSignal.abort(), () => {
      stop();
      calls.push('heard');
    });
    onAbort(AbortSignal.abort(), () => calls.push('stopped'))();
    expect(calls).toEqual([]);
    await turn();
    expect(calls).toEqual(['heard']);
  });
});
