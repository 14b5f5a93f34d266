import type { ChildProcess } from 'node:child_process';
import type { EngineError } from '../../base/errors.js';
import { describeExit, type ProcessEnd } from './describe-exit.js';

/** How long after its end a process's last words may take to arrive, milliseconds; usually a few. */
const LAST_WORDS_MS = 1000;

/**
 * Wait until a process is gone. Never rejects.
 * @param stderrText what it has written to its stderr so far.
 * @returns the sentence that says why it ended.
 */
export function watchExit(child: ChildProcess, stderrText: () => string): Promise<EngineError> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (end: ProcessEnd): void => {
      clearTimeout(timer);
      resolve(describeExit(end, stderrText()));
    };
    child.on('error', (startError) => {
      // Also emitted when a signal cannot be sent: only a process without an id never started.
      if (child.pid === undefined) finish({ code: null, signal: null, startError });
    });
    // `close` comes after the last message and the last of stderr, but may never come when something else
    // holds them open; `exit` may come before them.
    child.once('close', (code, signal) => finish({ code, signal }));
    child.once('exit', (code, signal) => {
      timer ??= setTimeout(() => finish({ code, signal }), LAST_WORDS_MS);
    });
  });
}
