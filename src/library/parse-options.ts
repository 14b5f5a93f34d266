import * as v from 'valibot';
import { describeIssue } from '../base/describe-issue.js';
import { UsageError } from '../base/errors.js';
import { findNearestName } from '../base/nearest-name.js';

/**
 * Options as they were given, checked.
 * @param where the end of a refusal: `for caption`.
 * @throws {UsageError} one is unknown, or cannot be what it is.
 */
export function parseOptions<Entries extends v.ObjectEntries>(
  entries: Entries,
  options: unknown = {},
  where: string,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const known = Object.keys(entries);
  const given = typeof options === 'object' && options !== null ? Object.keys(options) : [];
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const nearest = findNearestName(unknown, known);
    throw new UsageError('OPTION_UNKNOWN', `There is no option '${unknown.slice(0, 60)}' ${where}.`, {
      hint: nearest === undefined ? `There is: ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    });
  }
  const parsed = v.safeParse(v.object(entries), options);
  if (parsed.success) return parsed.output;
  throw new UsageError('OPTION_VALUE', `An option cannot be: ${describeIssue(parsed.issues[0])}`, {
    hint: 'docs/library.md says what each may be.',
  });
}
