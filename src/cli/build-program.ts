import { Command, Help, Option } from 'commander';
import { exitCodes, type ExitCode } from '../base/errors.js';
import {
  commandGroups,
  type CommandCall,
  type CommandDefinition,
  type OptionDefinition,
} from './options/command-definition.js';
import { isLeftOutValue } from './find-first-word.js';
import { helpTopics } from './help/help-topics.js';

/** Help is wrapped at the terminal's width, but longer lines than this are hard to read. */
const MAX_HELP_COLUMNS = 100;
/** Help in a pipe, in columns. */
const DEFAULT_HELP_COLUMNS = 80;

/** The program as commander sees it, and how its last run ended. */
export interface Program {
  readonly command: Command;
  /** The exit code that the command gave; ok until it has run. */
  exitCode(): ExitCode;
}

/**
 * Build the parser. Errors of the command line are thrown as CommanderError and never printed here.
 *
 * @param commands the commands that may be called or described, by name.
 * @param surroundings what commands get besides their words.
 * @param writeHelp takes help texts.
 */
export function buildProgram(
  commands: ReadonlyMap<string, CommandDefinition>,
  surroundings: Pick<CommandCall, 'signal' | 'takeInterrupts' | 'headStart'>,
  writeHelp: (text: string) => void,
): Program {
  let exitCode: ExitCode = exitCodes.ok;
  const columns = Math.min(process.stdout.columns ?? DEFAULT_HELP_COLUMNS, MAX_HELP_COLUMNS);
  const program = new Command('pali')
    .description('PaliGemma in the terminal: captions, answers, boxes and masks for pictures.')
    .option('-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .usage('COMMAND [options]')
    // A command's own help shows its arguments; here they would leave no room for its description.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', formatTopics())
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      writeErr: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    });
  const rank = ({ group }: CommandDefinition): number => commandGroups.indexOf(group);
  for (const [name, definition] of [...commands].sort(([, a], [, b]) => rank(a) - rank(b))) {
    const command = program
      .command(name)
      .description(definition.description)
      .helpGroup(`${definition.group}:`)
      .helpOption('-h, --help', 'print help')
      .addHelpText('after', () => formatHelpEnd(definition, columns))
      .allowExcessArguments(false);
    for (const argument of definition.arguments) command.argument(argument.name, argument.description);
    for (const option of definition.options) command.addOption(toCommanderOption(option));
    command.action(async () => {
      const call: CommandCall = { arguments: command.args, options: command.opts(), ...surroundings };
      exitCode = await definition.run(call);
    });
  }
  return { command: program, exitCode: () => exitCode };
}

/**
 * Write `--show photo.jpg` as `--show=auto photo.jpg`: commander would take any word after an option with an optional
 * value for that value.
 */
export function giveLeftOutValues(argv: readonly string[], options: readonly OptionDefinition[]): string[] {
  const optional = new Map(
    options.filter(({ flags }) => flags.endsWith(']')).map((option) => [option.flags.split(' ')[0], option]),
  );
  const end = argv.indexOf('--');
  return argv.map((word, i) => {
    const option = end >= 0 && i > end ? undefined : optional.get(word);
    if (option === undefined || isLeftOutValue(option, argv[i + 1] ?? '')) return word;
    return `${word}=${option.numberWhenLeftOut ?? option.values?.[0]}`;
  });
}

function toCommanderOption({ flags, description, group, isRepeatable, isHidden }: OptionDefinition): Option {
  const option = new Option(flags, description).hideHelp(isHidden === true);
  if (group !== undefined) option.helpGroup(`${group}:`);
  if (isRepeatable) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function formatTopics(): string {
  const width = Math.max(...helpTopics.map(({ name }) => name.length)) + 2;
  const lines = helpTopics.map(({ name, description }) => `  ${name.padEnd(width)}${description}`);
  return `\nTopics:\n${lines.join('\n')}\n\nFor more: pali help COMMAND, pali help TOPIC.`;
}

function formatHelpEnd({ notes, examples }: CommandDefinition, columns: number): string {
  const parts = [];
  if (notes) parts.push(`\n${new Help().boxWrap(notes, columns)}`);
  parts.push(`\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
  return parts.join('\n');
}
