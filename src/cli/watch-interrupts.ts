import { setMaxListeners } from 'node:events';
import { isClosing } from '../base/signals/close-properly.js';
import { CancelledError, exitCodes, ReaderGoneError } from '../base/errors.js';
import { endAtOnce } from './end-at-once.js';

/** How long work may take to end by itself after it is stopped. */
const GRACE_MS = 3000;

/**
 * A signal this soon after the first is the same one: packages that clean up on signals (when-exit below conf) send
 * it to the process once more.
 */
const ECHO_MS = 300;

/** What has come from outside so far. */
export interface Interrupts {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, or when the reader of stdout is gone. */
  readonly signal: AbortSignal;
  /** Call `listener` on Ctrl-C from now on, instead of aborting `signal`; SIGTERM still aborts it. */
  readonly takeInterrupts: (listener: () => void) => void;
  /** Nobody reads stdout any more, as in `pali ... | head -1`. Not an error. */
  hasClosedPipe(): boolean;
  /** Why stdout could not be written to, such as a full disk; undefined while it can. */
  outputError(): Error | undefined;
  /** Stop watching. */
  dispose(): void;
}

/** How often to check whether files that are slow to close have been closed. */
const CLOSING_CHECK_MS = 100;

/**
 * Turn Ctrl-C, SIGTERM, a closed terminal and a closed stdout into one abort signal. A second Ctrl-C, or work that does
 * not end within 3 s, ends the process at once; files that are being closed may take longer.
 */
export function watchInterrupts(): Interrupts {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let hasClosedPipe = false;
  let outputError: Error | undefined;
  let stoppedAt = 0;
  let listener: (() => void) | undefined;
  let interruptedAt = -Infinity;
  const exitNow = (): never => endAtOnce(hasClosedPipe ? exitCodes.ok : exitCodes.cancelled);
  const exitUnlessClosing = (): void => {
    if (isClosing()) setTimeout(exitUnlessClosing, CLOSING_CHECK_MS).unref();
    else exitNow();
  };
  const stop = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - stoppedAt > ECHO_MS) exitNow();
      return;
    }
    stoppedAt = performance.now();
    controller.abort(hasClosedPipe ? new ReaderGoneError() : new CancelledError());
    setTimeout(exitUnlessClosing, GRACE_MS).unref();
  };
  const interrupt = (): void => {
    if (listener === undefined) return stop();
    const isEcho = performance.now() - interruptedAt <= ECHO_MS;
    interruptedAt = performance.now();
    if (!isEcho) listener();
  };
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    if (!isReaderGone(error, process.platform)) outputError ??= error;
    else hasClosedPipe = true;
    if (!controller.signal.aborted) stop();
  };
  // A stderr that nobody reads takes only messages away.
  const ignore = (): void => undefined;
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', stop);
  // The terminal was closed, or the connection to it broke.
  process.on('SIGHUP', stop);
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', ignore);
  return {
    signal: controller.signal,
    takeInterrupts: (taker) => {
      listener = taker;
    },
    hasClosedPipe: () => hasClosedPipe,
    outputError: () => outputError,
    dispose: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', stop);
      process.off('SIGHUP', stop);
    },
  };
}

/** Whether writing failed because nobody reads the pipe any more: EPIPE, or EOF on Windows. */
export function isReaderGone({ code }: NodeJS.ErrnoException, platform: NodeJS.Platform): boolean {
  return code === 'EPIPE' || (code === 'EOF' && platform === 'win32');
}
