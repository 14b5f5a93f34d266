import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '../errors.js';
import { isClosing } from './close-properly.js';
import { onAbort } from './on-abort.js';

/** How long work may take to end once it was told to; what comes after it needs the rest of the process's three seconds. */
const PATIENCE_MS = 2000;

/**
 * The same items; but once `signal` is aborted, one that does not come is given up, and what was done so far can still be
 * written: the next may wait for a named pipe or a network drive that never answers. Files that are being closed are waited for.
 *
 * @throws {CancelledError} the next item was given up. What `items` throws.
 */
export async function* unlessStuck<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const over = new AbortController();
  let isStuck = false;
  const stuck = whenStuck(signal, over.signal, patienceMs).then(() => {
    isStuck = true;
    throw new CancelledError();
  });
  stuck.catch(() => undefined);
  try {
    for (;;) {
      const coming = iterator.next();
      coming.catch(() => undefined);
      const next = await Promise.race([coming, stuck]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    over.abort();
    if (!isStuck) await iterator.return?.();
  }
}

/** Never settles once `over` is aborted. */
async function whenStuck(signal: AbortSignal, over: AbortSignal, patienceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const stopListening = onAbort(signal, resolve);
    onAbort(over, stopListening);
  });
  do {
    await delay(patienceMs, undefined, { signal: over }).catch(() => new Promise(() => undefined));
  } while (isClosing());
}
