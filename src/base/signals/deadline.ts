import { onAbort } from './on-abort.js';

/** A signal that is aborted in time. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the time ran out, and not the caller's signal. */
  readonly isOver: () => boolean;
  /** Forget it: what it was for has ended. */
  readonly clear: () => void;
}

/**
 * Abort after a time, or when another signal does. `AbortSignal.any([AbortSignal.timeout(ms), ...])` does not:
 * nothing but the garbage collector holds the timeout's signal, and Node 20 collects it together with its timer.
 *
 * @param timeoutMs milliseconds.
 */
export function startDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort(new DOMException(`It took longer than ${timeoutMs} ms.`, 'TimeoutError'));
  }, timeoutMs);
  const stopListening = onAbort(signal, () => controller.abort(signal!.reason));
  if (signal?.aborted) controller.abort(signal.reason);
  const clear = (): void => {
    clearTimeout(timer);
    stopListening();
  };
  return { signal: controller.signal, isOver: () => isOver, clear };
}
