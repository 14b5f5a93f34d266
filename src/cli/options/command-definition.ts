import type { ExitCode } from '../../base/errors.js';
import type { HeadStart } from '../../models/prestart-engine.js';

/** A positional argument, written as in the help: `<question>`, `<images...>`, `[name]`. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly description: string;
  /** What it can be, for completion. */
  readonly values?: OptionDefinition['values'];
}

/** An option. Its value arrives as a string (or a boolean), to be checked by the command. */
export interface OptionDefinition {
  /** Such as `-q, --quiet`, `--format <format>` or `--no-constrain`. */
  readonly flags: string;
  readonly description: string;
  /** Heading of the option in its command's help; `Options` when absent. */
  readonly group?: string;
  /** Taken, but neither in the help nor offered by completion: it says why it does not fit. */
  readonly isHidden?: boolean;
  /** May be given several times; the value is then a string array. */
  readonly isRepeatable?: boolean;
  /**
   * What the value can be, for completion: these words, or an existing name (`help`: of a command or a topic). An
   * option with an optional value (`--show [how]`) takes only one of these words, so that it never swallows the
   * argument after it; by default it has the first.
   */
  readonly values?: readonly string[] | 'models' | 'languages' | 'help';
  /** Words that are taken for a value as well, but not offered. */
  readonly otherValues?: readonly string[];
  /** The same for a value that is a number (`--joint [count]`): it takes the next word only when that is one. */
  readonly numberWhenLeftOut?: string;
}

/** One use of a command. */
export interface CommandCall {
  /** Positional arguments in order, the variadic ones flattened. */
  readonly arguments: readonly string[];
  /** By camel-case name; absent when not given, except that `--no-x` gives `x: true`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Aborted by Ctrl-C, or when stdout has no reader any more. */
  readonly signal: AbortSignal;
  /** From now on call `listener` on Ctrl-C, instead of aborting `signal`. */
  readonly takeInterrupts: (listener: () => void) => void;
  /** An engine's process that is starting, for the command that needs one; it ends with the command. */
  readonly headStart?: HeadStart;
}

/** Headings of `pali --help`, in order. */
export const commandGroups = ['Pictures', 'Results', 'Models', 'Servers', 'Other'] as const;

/**
 * What a file in commands/ exports as `command`. The file's name is the command's name; nothing else
 * registers it. Its module is loaded for --help too, so heavy code is imported inside `run` only.
 */
export interface CommandDefinition {
  /** Heading of the command in `pali --help`. */
  readonly group: (typeof commandGroups)[number];
  /** One line for `pali --help`. */
  readonly description: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  /** Command lines for the end of the command's help. */
  readonly examples: readonly string[];
  /** Facts that belong in no single option's line, printed before the examples. */
  readonly notes?: string;
  /**
   * Do the work. Results go to stdout, everything else to stderr.
   * @returns the exit code: not 0 when some inputs failed and others did not.
   * @throws {PaliError} nothing could be done, with the exit code inside.
   */
  run(call: CommandCall): Promise<ExitCode>;
}
