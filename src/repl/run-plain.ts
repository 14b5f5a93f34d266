import { createInterface, type Interface } from 'node:readline';
import { exitCodes, type ExitCode } from '../base/errors.js';
import { followBlocks } from './follow-blocks.js';
import { formatBody } from './format-block.js';
import type { Session } from './session.js';
import { createTheme } from './theme.js';

/** Windows that do not tell have this size. */
const DEFAULT_COLUMNS = 80;

/**
 * A session on a terminal that can do nothing but show characters (TERM=dumb): a prompt, a line, an answer. The
 * terminal edits the line; Ctrl-C and Ctrl-D leave.
 */
export async function runPlain(
  session: Session,
  { paths, signal }: { readonly paths: readonly string[]; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const { stdin, stdout } = process;
  const theme = createTheme({ colors: 'none', isUnicode: false });
  followBlocks(session, (block) => {
    const columns = stdout.columns || DEFAULT_COLUMNS;
    const lines = formatBody(block, { theme, columns, placePicture: () => [] });
    stdout.write(`${lines.join('\n')}\n`);
  });
  session.addBlock({ type: 'header', version: session.host.version, model: session.state.model.name });
  let reader: Interface | undefined;
  const stop = (): void => {
    session.cancel();
    reader?.close();
  };
  session.onLeave = stop;
  signal.addEventListener('abort', stop, { once: true });
  try {
    await session.start(paths);
    // Not before: lines that nobody takes at once are lost.
    reader = createInterface({ input: stdin, terminal: false });
    stdout.write('> ');
    for await (const line of reader) {
      await session.submit(line);
      stdout.write('> ');
    }
  } finally {
    reader?.close();
    await session.close();
  }
  signal.throwIfAborted();
  return exitCodes.ok;
}
