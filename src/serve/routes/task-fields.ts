import { findNearestName } from '../../base/nearest-name.js';
import { badRequest } from '../http-error.js';

/** Longest text allowed in an option, characters. */
const MAX_TEXT = 10_000;

/**
 * A task's options, from JSON or a form: named as on the command line, with - or _. Form values are text;
 * JSON values may also be numbers and true or false.
 */
export class TaskFields {
  readonly #values = new Map<string, unknown>();

  /** @throws {HttpError} an option is not among `known`. */
  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[]) {
    for (const [given, value] of Object.entries(values)) {
      const name = given.replaceAll('_', '-');
      if (!known.includes(name)) throw unknownOption(given, name, known);
      if (value !== null && value !== '') this.#values.set(name, value);
    }
  }

  /** @throws {HttpError} it is not text, or is too long. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.length > MAX_TEXT)
      throw badRequest(`${name} is not a text.`, name);
    return value;
  }

  /** @throws {HttpError} it is missing. */
  needText(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw badRequest(`${name} is missing.`, name);
    return text;
  }

  /** @throws {HttpError} it is not a number from `min` to `max`, or not whole where it must be. */
  number(name: string, min: number, max: number, isWhole = false): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const isRight =
      typeof number === 'number' &&
      number >= min &&
      number <= max &&
      (!isWhole || Number.isSafeInteger(number));
    if (isRight) return number;
    const kind = isWhole ? 'a whole number' : 'a number';
    throw badRequest(`${name} cannot be '${show(value)}': it is ${kind} from ${min} to ${max}.`, name);
  }

  /** @throws {HttpError} it is neither true nor false. */
  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    if (value === true || value === 'true' || value === '1') return true;
    if (value === false || value === 'false' || value === '0') return false;
    throw badRequest(`${name} is neither true nor false.`, name);
  }

  /** @throws {HttpError} it is not one of the choices. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    const choice = choices.find((candidate) => candidate === show(value));
    if (choice !== undefined) return choice;
    throw badRequest(`${name} cannot be '${show(value)}': it is one of ${choices.join(', ')}.`, name);
  }
}

/** As much of a value as an error repeats. */
function show(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 60);
}

function unknownOption(given: string, name: string, known: readonly string[]): Error {
  const nearest = findNearestName(name, known);
  return badRequest(
    `There is no option '${given.slice(0, 60)}' here.`,
    given.slice(0, 60),
    nearest === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${nearest}?`,
  );
}
