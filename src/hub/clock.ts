import { setTimeout as wait } from 'node:timers/promises';

/** Time, as an argument: tests do not wait. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** @throws when `signal` is aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (durationMs, signal) => wait(durationMs, undefined, signal && { signal }),
};
