import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { joinSignals } from '../../../src/base/signals/join-signals.js';
import { onAbort } from '../../../src/base/signals/on-abort.js';

describe('signals that many wait for', () => {
  it('give no warning', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    const controller = new AbortController();
    const joined = joinSignals(controller.signal, undefined);
    let count = 0;
    for (let i = 0; i < 30; i++) {
      onAbort(controller.signal, () => count++);
      joined.addEventListener('abort', () => count++);
    }
    const stopListening = onAbort(controller.signal, () => count++);
    stopListening();
    const aborted = once(joined, 'abort');
    controller.abort();
    await aborted;
    await turn();
    process.off('warning', note);
    expect([count, warnings]).toEqual([60, []]);
  });
});
