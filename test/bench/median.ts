/**
 * The middle one of these numbers, the higher of the middle two when their count is even.
 *
 * @param values one or more.
 */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
