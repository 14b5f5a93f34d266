import { CancelledError, exitCodes, type ExitCode } from '../base/errors.js';
import { describeLoadFailure } from '../base/machine/describe-load-failure.js';
import { unwritable } from '../base/files/unwritable.js';
import { packageVersion } from '../base/package-folder.js';
import type { CommandDefinition, OptionDefinition } from './options/command-definition.js';
import { listCommandNames, loadCommand } from './command-folder.js';
import { findCommand } from './find-command.js';
import { foreseeEngine } from './foresee-engine.js';
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
  const load = async (wanted: readonly string[]): Promise<Map<string, CommandDefinition>> => {
    const loaded = new Map<string, CommandDefinition>();
    for (const name of wanted) loaded.set(name, await loadCommand(commandsFolder, name));
    return loaded;
  };
  const isHelp = argv.length === 1 && (first === '--help' || first === '-h');
  if (!isCommand && !isHelp) {
    const isOption = first?.startsWith('-') === true && first !== '-';
    const options = isOption ? listOptions(await load(names)) : [];
    return dispatch(findCommand(argv, options, names), commandsFolder, interrupts);
  }
  const headStart = foreseeEngine(argv);
  try {
    const commands = await load(isCommand ? [first] : names);
    const { CommanderError } = await import('commander');
    const { buildProgram, giveLeftOutValues } = await import('./build-program.js');
    const { signal, takeInterrupts } = interrupts;
    const surroundings = { signal, takeInterrupts, ...(headStart && { headStart }) };
    const program = buildProgram(commands, surroundings, (text) => process.stdout.write(text));
    const words = giveLeftOutValues(argv, listOptions(commands));
    try {
      await program.command.parseAsync(words, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return exitCodes.ok;
      if (first === 'repl') {
        const { explainSessionOption } = await import('./explain-session-option.js');
        const explained = explainSessionOption(error.message, argv.slice(1), await load(names));
        if (explained !== undefined) throw explained;
      }
      throw toUsageError(error.message, isCommand ? first : undefined);
    }
    return program.exitCode();
  } finally {
    headStart?.giveUp();
  }
}

function listOptions(commands: ReadonlyMap<string, CommandDefinition>): OptionDefinition[] {
  return [...commands.values()].flatMap((command) => command.options);
}
