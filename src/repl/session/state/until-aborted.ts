import { CancelledError } from '../../../base/errors.js';
import { onAbort } from '../../../base/signals/on-abort.js';

/**
 * The promise's value, or a CancelledError as soon as `signal` is aborted, whatever the work is doing. How the work
 * then ends no longer matters.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  if (signal.aborted) throw new CancelledError();
  let stopListening = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stopListening = onAbort(signal, () => reject(new CancelledError()));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
