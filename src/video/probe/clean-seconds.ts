/** Seconds to the microsecond: sums of binary fractions show no tails. */
export function cleanSeconds(seconds: number): number {
  return Number(seconds.toFixed(6));
}
