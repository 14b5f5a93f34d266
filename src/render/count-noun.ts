/**
 * `1 frame`, `2 frames`.
 * @param noun in the singular; its plural ends in s.
 */
export function countNoun(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
