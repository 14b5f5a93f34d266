import { PaliError, exitCodes, type ExitCode } from '../base/errors.js';
import { printablePath } from '../render/printable-path.js';

/** How errors are shown. */
export interface ErrorStyle {
  readonly write: (text: string) => void;
  readonly isColored: boolean;
  /** Add the stack, for --debug. */
  readonly isDebug: boolean;
}

/**
 * The one place that prints errors: what failed and why, then what to do next.
 *
 * @returns the exit code that belongs to the error; 1 for anything that is not a PaliError, a bug of ours.
 */
export function printError(error: unknown, style: ErrorStyle): ExitCode {
  const isKnown = error instanceof PaliError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = isKnown
    ? error.hint
    : 'This is a bug in pali. Run the command again with --debug to see where, and report it.';
  const title = isKnown ? 'error:' : 'bug:';
  style.write(`${style.isColored ? `\u001b[31m${title}\u001b[39m` : title} ${cleanLines(message)}\n`);
  if (hint !== undefined) style.write(`       ${cleanLines(hint)}\n`);
  if (style.isDebug) style.write(formatStack(error));
  return isKnown ? error.exitCode : exitCodes.bug;
}

/** Where an error of a single input comes from, for --debug. */
export function formatStack(error: unknown): string {
  return error instanceof Error ? `${cleanLines(describeStack(error))}\n` : '';
}

function describeStack(error: Error): string {
  const own = error.stack ?? '';
  return error.cause instanceof Error ? `${own}\ncaused by: ${describeStack(error.cause)}` : own;
}

/** Messages quote untrusted names: line breaks are kept (indented), other control characters have no effect. */
function cleanLines(text: string): string {
  return text.split('\n').map(printablePath).join('\n       ');
}
