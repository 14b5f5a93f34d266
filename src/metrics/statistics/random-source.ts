/**
 * Random numbers that are the same for the same seed on every machine: Mulberry32 (public domain), 32 bits of state,
 * which is plenty to draw pictures with.
 *
 * @returns a function that gives whole numbers from 0 to `count` - 1.
 */
export function createRandomSource(seed: number): (count: number) => number {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  };
}
