import { existsSync } from 'node:fs';
import { CancelledError, UsageError, exitCodes, type ExitCode } from '../base/errors.js';
import { describeLoadFailure } from '../base/machine/describe-load-failure.js';
import { unwritable } from '../base/files/unwritable.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { isAddress, isCamera } from '../tasks/inputs/media-input.js';
import { findNearestName } from '../base/nearest-name.js';
import { packageVersion } from '../base/package-folder.js';
import type { CommandDefinition } from './options/command-definition.js';
import { listCommandNames, loadCommand } from './command-folder.js';
import { hasColors } from './has-colors.js';
import { printError } from './print-error.js';
import { toUsageError } from './to-usage-error.js';
import { watchInterrupts, type Interrupts } from './watch-interrupts.js';
import { ensureHome } from '../base/ensure-home.js';

/**
 * Run the program.
 *
 * @param argv the command line after `node pali.js`.
 * @param commandsFolder the built commands/, ending in a slash; one file is one command.
 * @returns the exit code. Errors were printed; nothing is thrown.
 */
export async function main(argv: readonly string[], commandsFolder: URL): Promise<ExitCode> {
  const interrupts = watchInterrupts();
  const print = (error: unknown): ExitCode =>
    printError(error, {
      write: (text) => process.stderr.write(text),
      isColored: hasColors(process.stderr),
      isDebug: argv.includes('--debug'),
    });
  try {
    ensureHome();
    const exitCode = await dispatch(argv, commandsFolder, interrupts);
    // The outcome of the last write is known only after this turn of the event loop.
    await new Promise(setImmediate);
    const lost = interrupts.outputError();
    return lost === undefined ? exitCode : print(unwritable('standard output', lost));
  } catch (error) {
    if (interrupts.hasClosedPipe()) return exitCodes.ok;
    const lost = interrupts.outputError();
    if (lost !== undefined) return print(unwritable('standard output', lost));
    // An error caused by the user's own interrupt need not be reported.
    if (interrupts.signal.aborted || error instanceof CancelledError) return exitCodes.cancelled;
    return print(
      describeLoadFailure(
        error instanceof Error ? `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}` : '',
      ) ?? error,
    );
  } finally {
    interrupts.dispose();
  }
}

async function dispatch(
  argv: readonly string[],
  commandsFolder: URL,
  interrupts: Interrupts,
): Promise<ExitCode> {
  const first = argv[0];
  if (first === '--version' || first === '-V') {
    process.stdout.write(`${packageVersion()}\n`);
    return exitCodes.ok;
  }
  const names = await listCommandNames(commandsFolder);
  if (first === 'help') {
    const [about] = argv.slice(1);
    if (about === undefined) return dispatch(['--help'], commandsFolder, interrupts);
    if (names.includes(about)) return dispatch([about, '--help'], commandsFolder, interrupts);
  }
  const isCommand = first !== undefined && names.includes(first);
  // Nothing, or pictures: a session about them.
  if (first === undefined || (!isCommand && !isCamera(first) && (isPictureUrl(first) || existsSync(first)))) {
    return dispatch(['repl', ...argv], commandsFolder, interrupts);
  }
  if (!isCommand && !first.startsWith('-')) throw unknownCommand(first, names);
  const commands = new Map<string, CommandDefinition>();
  for (const name of isCommand ? [first] : names) commands.set(name, await loadCommand(commandsFolder, name));

  const { CommanderError } = await import('commander');
  const { buildProgram, giveLeftOutValues } = await import('./build-program.js');
  const program = buildProgram(commands, interrupts, (text) => process.stdout.write(text));
  const options = [...commands.values()].flatMap((command) => command.options);
  const words = giveLeftOutValues(argv, options);
  try {
    await program.command.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    throw toUsageError(error.message, isCommand ? first : undefined);
  }
  return program.exitCode();
}

function unknownCommand(name: string, names: readonly string[]): UsageError {
  if (isAddress(name) || isCamera(name)) {
    return new UsageError(
      'UNKNOWN_COMMAND',
      'The session takes pictures and video files, no cameras or streams.',
      {
        hint: 'Name what to do with them: pali caption INPUT',
      },
    );
  }
  if (/[./\\]/.test(name)) {
    return new UsageError('UNKNOWN_COMMAND', `'${name}' is neither a command nor a file.`, {
      hint: 'Check the path; a name with spaces needs quotes.',
    });
  }
  const nearest = findNearestName(name, names);
  return new UsageError('UNKNOWN_COMMAND', `There is no command '${name}'.`, {
    hint: nearest === undefined ? 'List the commands with: pali --help' : `Did you mean: pali ${nearest}`,
  });
}
