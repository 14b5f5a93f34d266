import { answerLanguages } from '../../tasks/prompts/parse-task-line.js';
import { listNames } from '../find-first-word.js';
import type { CommandDefinition, OptionDefinition } from '../options/command-definition.js';

/** What can follow an option or be an argument: words, the installed models, or else files. */
export type CompletedValue = readonly string[] | 'models' | 'files';

/** An option as completion needs it. */
export interface CompletedOption {
  /** Such as `-q` and `--quiet`, dashes included. */
  readonly names: readonly string[];
  readonly description: string;
  /** Absent for a flag. */
  readonly value?: CompletedValue;
  /** The value is written `--show=auto` and may be omitted. */
  readonly isValueOptional: boolean;
}

/** A command as completion needs it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What each argument is, in order. */
  readonly arguments: readonly CompletedValue[];
}

/** Lists the names of models, one a line; for the scripts. */
export const LIST_MODELS = "pali models 2>/dev/null | sed -e 1d -e 's/[^A-Za-z0-9._-].*//'";

/**
 * What the shells offer for a command.
 * @param helpNames commands and topics, for `pali help`.
 */
export function toCompletedCommand(
  name: string,
  definition: CommandDefinition,
  helpNames: readonly string[],
): CompletedCommand {
  const toValue = (values: OptionDefinition['values']): CompletedValue => {
    if (values === 'help') return helpNames;
    if (values === 'languages') return answerLanguages.map(({ code }) => code);
    return values ?? 'files';
  };
  const toOption = ({ flags, description, values }: OptionDefinition): CompletedOption => {
    const names = listNames(flags);
    const isValueOptional = flags.endsWith(']');
    const takesValue = isValueOptional || flags.endsWith('>');
    return { names, description, isValueOptional, ...(takesValue ? { value: toValue(values) } : {}) };
  };
  const help = { names: ['-h', '--help'], description: 'print help', isValueOptional: false };
  return {
    name,
    description: definition.description,
    options: [...definition.options.filter(({ isHidden }) => isHidden !== true).map(toOption), help],
    arguments: definition.arguments.map((argument) => toValue(argument.values)),
  };
}
