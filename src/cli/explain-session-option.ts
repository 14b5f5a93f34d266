import { UsageError } from '../base/errors.js';
import { quoteForShell } from '../models/quote-for-shell.js';
import { listNames } from './find-first-word.js';
import type { CommandDefinition, OptionDefinition } from './options/command-definition.js';

/** The commands that are suggested before all others. */
const LIKELY_COMMANDS = ['caption', 'detect', 'segment'];

/**
 * An option that the session does not have and a command about pictures does, such as `pali -n 3 photo.jpg`: the line
 * with that command in it. Undefined for every other mistake.
 * @param message what commander says of it.
 * @param words the command line, without `repl`.
 */
export function explainSessionOption(
  message: string,
  words: readonly string[],
  commands: ReadonlyMap<string, CommandDefinition>,
): UsageError | undefined {
  const written = /^error: unknown option '(.*)'/.exec(message)?.[1];
  if (written === undefined) return undefined;
  const option = written.startsWith('--') ? written.split('=', 1)[0] : written.slice(0, 2);
  const likely = [...LIKELY_COMMANDS, ...commands.keys()];
  const name = likely.find((each) => {
    const command = commands.get(each);
    const has = ({ flags, isHidden }: OptionDefinition): boolean =>
      isHidden !== true && listNames(flags).includes(option);
    return command?.group === 'Pictures' && command.options.some(has);
  });
  if (name === undefined) return undefined;
  const needed = commands.get(name)!.arguments.filter((argument) => !argument.name.endsWith('...]'));
  const places = needed.map((argument) => argument.name.replace(/[<>[\]]/g, '').toUpperCase());
  const line = ['pali', name, ...places, ...words.map((word) => quoteForShell(word))].join(' ');
  return new UsageError('USAGE', `The session has no option '${option}'.`, {
    hint: `Name a command that has it, such as: ${line}`,
  });
}
