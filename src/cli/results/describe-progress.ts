import { formatSeconds } from '../../render/format-time.js';

/**
 * Describe the progress: `14/200 · 2.3 pictures/s · 1 min 21 s left`.
 * @param unit what is counted.
 * @param total absent while unknown.
 * @param elapsedMs since the first one was started.
 * @param known how many of those that are done took no time, as an earlier run answered them.
 */
export function describeProgress(
  done: number,
  total: number | undefined,
  elapsedMs: number,
  unit: 'pictures' | 'frames' = 'pictures',
  known: number = 0,
): string {
  const perSecond = elapsedMs > 0 ? ((done - known) * 1000) / elapsedMs : 0;
  const parts = [total === undefined ? `${done}` : `${done}/${total}`];
  if (perSecond > 0) parts.push(`${perSecond.toFixed(1)} ${unit}/s`);
  if (perSecond > 0 && total !== undefined) parts.push(`${formatSeconds((total - done) / perSecond)} left`);
  return parts.join(' · ');
}
