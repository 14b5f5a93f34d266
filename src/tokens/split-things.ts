import { UsageError } from '../base/errors.js';

/**
 * The things to look for, from a list with semicolons: `cat ; red car`, `cat;red car`.
 * @throws {UsageError} the list is empty, or has nothing between two semicolons.
 */
export function splitThings(list: string): string[] {
  const things = list.split(';').map((thing) => thing.trim());
  if (things.every((thing) => thing !== '')) return things;
  const isEmpty = things.every((thing) => thing === '');
  throw new UsageError(
    'THINGS_MISSING',
    isEmpty ? 'There is nothing to look for.' : 'There is an empty name in the list of things to look for.',
    { hint: 'Name things separated by semicolons: "cat ; red car".' },
  );
}
