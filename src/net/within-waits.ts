import { PaliError } from '../base/errors.js';
import { onAbort } from '../base/signals/on-abort.js';
import { toPaliError } from './describe-fetch-error.js';

/**
 * Read something that has so much time in all. Only the time counts in which its reader waits for it: one that is slow
 * itself, as a model is, must not be told that the server is.
 *
 * @param timeoutMs milliseconds.
 * @param open gives what is read; it ends when its signal is aborted.
 * @throws {NetworkError} `URL_TIMEOUT`. Otherwise what it throws.
 */
export async function* withinWaits<Item>(
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  const controller = new AbortController();
  const stopListening = onAbort(signal, () => controller.abort(signal.reason));
  let leftMs = timeoutMs;
  let isOver = false;
  const end = (): void => {
    isOver = true;
    controller.abort(new DOMException(`It took longer than ${timeoutMs} ms.`, 'TimeoutError'));
  };
  const items = open(controller.signal)[Symbol.asyncIterator]();
  const pull = async (): Promise<IteratorResult<Item, unknown>> => {
    const startedAt = performance.now();
    const timer = setTimeout(end, Math.max(0, leftMs));
    try {
      return await items.next();
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - startedAt;
    }
  };
  try {
    signal.throwIfAborted();
    for (let next = await pull(); next.done !== true; next = await pull()) yield next.value;
  } catch (error) {
    if (!isOver || error instanceof PaliError) throw error;
    throw toPaliError(controller.signal.reason, url, timeoutMs);
  } finally {
    stopListening();
    await items.return?.();
  }
}
