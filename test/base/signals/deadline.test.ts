import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '../../../src/base/signals/deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('startDeadline', () => {
  it('comes although garbage is collected before', async () => {
    let isAborted = false;
    // Nothing here holds the deadline, as in a function that waits for a process.
    startDeadline(60, new AbortController().signal).signal.addEventListener(
      'abort',
      () => (isAborted = true),
    );
    collectGarbage();
    await wait(20);
    collectGarbage();
    await expect.poll(() => isAborted).toBe(true);
  });

  it('says whether the time or the caller ended it', () => {
    const caller = new AbortController();
    const deadline = startDeadline(60_000, caller.signal);
    caller.abort(new Error('left'));
    expect(deadline.signal.reason).toEqual(new Error('left'));
    expect(deadline.isOver()).toBe(false);
    deadline.clear();
    expect(startDeadline(60_000, caller.signal).signal.aborted).toBe(true);
  });

  it('is forgotten when cleared', async () => {
    const deadline = startDeadline(10);
    deadline.clear();
    await wait(40);
    expect(deadline.signal.aborted).toBe(false);
  });
});
