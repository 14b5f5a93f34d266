/** Seconds to the microsecond: sums of binary fractions would show long tails. */
export function cleanSeconds(seconds: number): number {
  return Number(seconds.toFixed(6));
}
