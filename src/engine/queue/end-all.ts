import { setTimeout as wait } from 'node:timers/promises';

/** A server that is gone would keep them waiting for ever, milliseconds. */
const END_MS = 3000;

/** Wait until all of these have ended, one way or another, or a short time is over. */
export async function endAll(works: readonly Promise<unknown>[]): Promise<void> {
  const timer = new AbortController();
  const timeout = wait(END_MS, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(works), timeout]);
  timer.abort();
}
