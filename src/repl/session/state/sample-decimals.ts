import type { Sampling } from '../../../base/video/sampling.js';

/** How many decimals of seconds it takes to tell samples apart. */
export function sampleDecimals(sampling: Sampling): number {
  if (sampling.kind !== 'every') return 1;
  const { everySeconds } = sampling;
  return everySeconds < 0.1 ? 2 : decimalsOf(everySeconds);
}

/** Decimals needed to show a single time: none for whole seconds. */
export function decimalsOf(seconds: number): number {
  return Math.abs(seconds - Math.round(seconds)) < 0.05 ? 0 : 1;
}
