import type { OptionDefinition } from './options/command-definition.js';

/** Where options before a command or a picture end. */
export interface FirstWord {
  /** Index of the first word that is neither an option nor an option's value; the number of words where there is none. */
  readonly at: number;
  /** The options before it as they were written, without values: `-q`, `--model`. */
  readonly flags: readonly string[];
}

/**
 * Find the command, or the first picture, behind options.
 * @param options of all commands: an option takes a value in each of them that has it, or in none. One that no command
 * has counts as a flag, and its command or the session refuses it.
 */
export function findFirstWord(argv: readonly string[], options: readonly OptionDefinition[]): FirstWord {
  const definitions = new Map(
    options.flatMap((option) => listNames(option.flags).map((name) => [name, option])),
  );
  const flags: string[] = [];
  let at = 0;
  while (at < argv.length) {
    const word = argv[at];
    if (word === '--') return { at: at + 1, flags };
    if (!word.startsWith('-') || word === '-') break;
    const { names, ownsNext } = readOption(word, argv[at + 1], definitions);
    flags.push(...names);
    at += ownsNext ? 2 : 1;
  }
  return { at: Math.min(at, argv.length), flags };
}

/** `-q, --quiet` has two names. */
export function listNames(flags: string): string[] {
  return [...flags.matchAll(/(?<=^|\s)--?[\w-]+/g)].map(([name]) => name);
}

/** `--format=json`, `--format json`, `-n3` and `-qn 3` are all understood. */
function readOption(
  word: string,
  next: string | undefined,
  definitions: ReadonlyMap<string, OptionDefinition>,
): { names: string[]; ownsNext: boolean } {
  if (word.startsWith('--')) {
    const [name] = word.split('=', 1);
    return { names: [name], ownsNext: name === word && takesNext(definitions.get(name), next) };
  }
  const names: string[] = [];
  for (let i = 1; i < word.length; i++) {
    const name = `-${word[i]}`;
    names.push(name);
    const option = definitions.get(name);
    if (option === undefined || !/[>\]]$/.test(option.flags)) continue;
    return { names, ownsNext: i === word.length - 1 && takesNext(option, next) };
  }
  return { names, ownsNext: false };
}

/** A value that may be left out is there only where the next word is one of those it can be. */
function takesNext(option: OptionDefinition | undefined, next: string | undefined): boolean {
  if (option === undefined || next === undefined) return false;
  return option.flags.endsWith('>') || (option.flags.endsWith(']') && isLeftOutValue(option, next));
}

/** Whether a word is a value of an option whose value may be left out. */
export function isLeftOutValue(
  { values = [], otherValues = [], numberWhenLeftOut }: OptionDefinition,
  word: string,
): boolean {
  if (numberWhenLeftOut !== undefined) return /^\d*\.?\d+$/.test(word);
  return [...values, ...otherValues].includes(word);
}
