import { InputError } from '../../base/errors.js';
import type { Example, FaultyExample } from '../example.js';
import { parseJson } from './read-document.js';

/** Says what is wrong with an example; it becomes that example's error. */
export class FaultyLine extends Error {}

/**
 * Examples from lines of JSON. A line that is none, or that `read` throws a FaultyLine about, is one error with its
 * number; empty lines are left out.
 */
export function readLines(
  text: string,
  path: string,
  read: (value: Readonly<Record<string, unknown>>, line: number) => Example,
): (Example | FaultyExample)[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    return readOne(`line ${i + 1}`, path, () => {
      const value = parseJson(line);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new FaultyLine('it is not a JSON object');
      }
      return read(value as Record<string, unknown>, i + 1);
    });
  });
}

/** An example, or what is wrong with it. */
export function readOne(place: string, path: string, read: () => Example): Example | FaultyExample {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FaultyLine || error instanceof InputError)) throw error;
    const why = error.message.replace(/\.$/, '');
    return { id: place, place, error: new InputError('EXAMPLE_UNUSABLE', `${place} of ${path}: ${why}.`) };
  }
}
