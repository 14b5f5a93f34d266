import { UsageError } from '../../base/errors.js';
import type { CommandCall } from './command-definition.js';

type Options = CommandCall['options'];

/**
 * The text given for an option, or undefined.
 * @throws {UsageError} it is empty, as from a variable of the shell that is not set.
 */
export function readText(options: Options, name: string): string | undefined {
  const value = options[name];
  if (value === '') {
    throw new UsageError('OPTION_VALUE', `--${toFlag(name)} is empty.`, {
      hint: 'Give it a value, or leave it out.',
    });
  }
  return typeof value === 'string' ? value : undefined;
}

/** The texts given for a repeatable option, in order. */
export function readTexts(options: Options, name: string): string[] {
  const value = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether a flag was given. */
export function readFlag(options: Options, name: string): boolean {
  return options[name] === true;
}

/**
 * One of a few words.
 * @throws {UsageError} the value is none of them.
 */
export function readChoice<Choice extends string>(
  options: Options,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = readText(options, name);
  if (value === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw new UsageError('OPTION_VALUE', `--${toFlag(name)} cannot be '${value}'.`, {
    hint: `It is one of: ${choices.join(', ')}.`,
  });
}

/** Bounds of a number, both allowed. */
export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/**
 * A decimal number within bounds.
 * @throws {UsageError} it is not a number, not whole where it must be, or out of bounds.
 */
export function readNumber(options: Options, name: string, bounds: NumberBounds): number | undefined {
  const value = readText(options, name);
  if (value === undefined) return undefined;
  const number = /^-?(\d+(\.\d*)?|\.\d+)$/.test(value.trim()) ? Number(value) : NaN;
  const isRight =
    number >= bounds.min && number <= bounds.max && (!bounds.isWhole || Number.isSafeInteger(number));
  if (isRight) return number;
  const kind = bounds.isWhole ? 'a whole number' : 'a number';
  throw new UsageError('OPTION_VALUE', `--${toFlag(name)} cannot be '${value}'.`, {
    hint: `It is ${kind} from ${bounds.min} to ${bounds.max}.`,
  });
}

/** `maxTokens` -> `max-tokens`, undoing commander's conversion. */
function toFlag(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
