import { sampleFrames } from '../../video/frames/sample-frames.js';
import type { Sampling } from '../../base/video/sampling.js';
import { countSamples } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** Results of decoding, by threshold. */
const shots = new WeakMap<VideoInfo, Map<number, readonly number[]>>();

/**
 * When a video's samples begin, in seconds from its beginning: the frame used is the first at or after each of these
 * times.
 *
 * @returns undefined for shots, which can be found only by decoding.
 */
export function plannedTimes(video: VideoInfo, sampling: Sampling): readonly number[] | undefined {
  if (sampling.kind === 'scenes') return undefined;
  const count = countSamples({ sampling }, video) ?? 1;
  const { durationSeconds = 0, framesPerSecond } = video;
  if (sampling.kind === 'count') {
    return Array.from({ length: count }, (_, i) => ((i + 0.5) * durationSeconds) / count);
  }
  const step = Math.max(sampling.kind === 'every' ? sampling.everySeconds : 0, 1 / framesPerSecond);
  return Array.from({ length: count }, (_, i) => i * step);
}

/**
 * The same; for shots, the whole video is decoded the first time.
 * @throws {InputError} the video cannot be decoded. {CancelledError} `signal` was aborted.
 */
export async function sampleTimes(
  video: VideoInfo,
  sampling: Sampling,
  signal: AbortSignal,
): Promise<readonly number[]> {
  if (sampling.kind !== 'scenes') return plannedTimes(video, sampling) ?? [0];
  const { threshold } = sampling;
  const known = shots.get(video) ?? new Map<number, readonly number[]>();
  shots.set(video, known);
  const found = known.get(threshold);
  if (found !== undefined) return found;
  const times: number[] = [];
  for await (const { timeSeconds, release } of sampleFrames(video, { sampling }, { signal })) {
    times.push(timeSeconds);
    release();
  }
  known.set(threshold, times);
  return times;
}
