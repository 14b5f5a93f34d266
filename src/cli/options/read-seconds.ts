import { UsageError } from '../../base/errors.js';
import { parseSeconds } from '../../base/parse-seconds.js';
import type { CommandCall } from './command-definition.js';
import { readText } from './read-option.js';

/** Longer than any video, seconds: about 116 days. */
const MAX_SECONDS = 10_000_000;

/**
 * A time: seconds (`10`, `2.5s`), `500ms`, `3m`, or a clock (`1:30`, `01:02:03.5`).
 * @throws {UsageError} it is not a time, or less than `min` seconds.
 */
export function readSeconds(
  options: CommandCall['options'],
  name: string,
  { min }: { readonly min: number } = { min: 0 },
): number | undefined {
  const text = readText(options, name)?.trim();
  if (text === undefined) return undefined;
  const seconds = parseSeconds(text);
  if (seconds >= min && seconds <= MAX_SECONDS) return seconds;
  throw new UsageError('OPTION_VALUE', `--${name} cannot be '${text}'.`, {
    hint: 'A time is written as 10, 2.5s, 500ms, 3m, 1:30 or 01:02:03.5.',
  });
}
