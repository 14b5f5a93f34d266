import { setMaxListeners } from 'node:events';

/**
 * Call `listener` once when a signal is aborted, or soon if it was before. Any number of works may wait for one signal, which Node takes for
 * a leak from eleven on, and says so on stderr.
 *
 * @returns stops listening.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) {
    let isListening = true;
    // Not before the caller has what this returns.
    queueMicrotask(() => {
      if (isListening) listener();
    });
    return () => {
      isListening = false;
    };
  }
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
