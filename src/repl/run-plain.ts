import { createInterface } from 'node:readline';
import { exitCodes, type ExitCode } from '../base/errors.js';
import { followBlocks } from './follow-blocks.js';
import { formatBody } from './screen/blocks/format-block.js';
import { LineQueue } from './session/line-queue.js';
import { createSecondInterrupt } from './second-interrupt.js';
import type { Session } from './session/state/session.js';
import { createTheme } from './screen/terminal/theme.js';
import { onAbort } from '../base/signals/on-abort.js';

/** What a plain session needs. */
export interface PlainOptions {
  readonly paths: readonly string[];
  /** Aborted from outside: the session ends. */
  readonly signal: AbortSignal;
  /** Call a listener on Ctrl-C from now on. */
  readonly takeInterrupts: (listener: () => void) => void;
}

/** Size of a window that does not report it. */
const DEFAULT_COLUMNS = 80;
const PROMPT = '> ';

/**
 * A session on a terminal that can do nothing but show characters (TERM=dumb): a prompt, a line, an answer. The
 * terminal edits the line; lines typed while an answer is written wait. Ctrl-C stops the answer, twice it leaves, as
 * does Ctrl-D.
 */
export async function runPlain(
  session: Session,
  { paths, signal, takeInterrupts }: PlainOptions,
): Promise<ExitCode> {
  const { stdin, stdout } = process;
  const theme = createTheme({ colors: 'none', isUnicode: false });
  const queue = new LineQueue(session);
  const working = new Set<Promise<void>>();
  let isAsking = false;
  const ask = (): void => {
    stdout.write(PROMPT);
    isAsking = true;
  };
  followBlocks(session, (block) => {
    const columns = stdout.columns || DEFAULT_COLUMNS;
    const lines = formatBody(block, { theme, columns, placePicture: () => [] });
    // Unprompted output, such as an engine that died, starts on a new line.
    stdout.write(`${isAsking ? '\n' : ''}${lines.join('\n')}\n`);
    if (isAsking) ask();
  });
  session.addBlock({ type: 'header', version: session.host.version, model: session.state.model.name });

  const reader = createInterface({ input: stdin, terminal: false });
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const work = (job: Promise<void>): void => {
    isAsking = false;
    working.add(job);
    void job.finally(() => {
      working.delete(job);
      if (working.size === 0) ask();
    });
  };
  const isSecondInterrupt = createSecondInterrupt(() => session.host.now());
  takeInterrupts(() => {
    // After the ^C that the terminal shows.
    stdout.write('\n');
    if (isSecondInterrupt()) return leave();
    if (queue.cancel()) return;
    stdout.write('Ctrl-C again leaves.\n');
    if (working.size === 0) ask();
  });
  session.onLeave = leave;
  onAbort(signal, leave);
  reader.on('line', (line) => work(queue.submit(line)));
  // The end of the input: pending questions are still answered.
  reader.on('close', () => void Promise.all(working).then(leave));
  try {
    work(queue.start(paths));
    await left;
  } finally {
    reader.close();
    await queue.close();
  }
  signal.throwIfAborted();
  return exitCodes.ok;
}
