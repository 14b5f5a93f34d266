import { startDeadline } from '../base/signals/deadline.js';
import { PaliError } from '../base/errors.js';
import { toPaliError } from './describe-fetch-error.js';

/**
 * Do something with an address that has to end in time as a whole: a server that gives a byte now and then is never
 * silent, so a limit for silence does not end it.
 *
 * @param timeoutMs milliseconds.
 * @param work ends when its signal is aborted.
 * @throws {NetworkError} `URL_TIMEOUT`. Otherwise what `work` throws.
 */
export async function withinTime<T>(
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = startDeadline(timeoutMs, signal);
  try {
    return await work(deadline.signal);
  } catch (error) {
    if (!deadline.isOver() || error instanceof PaliError) throw error;
    throw toPaliError(deadline.signal.reason, url, timeoutMs);
  } finally {
    deadline.clear();
  }
}
