import type { SamplingPlan } from './sampling-plan.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** A video this much shorter than its header says was cut off, seconds. */
const CUT_OFF_SECONDS = 1;

/**
 * Note in a sentence that a video ends before its header says.
 * @param latestSeconds of the last frame, in the file's own time.
 */
export function noteEarlyEnd(
  video: VideoInfo,
  plan: SamplingPlan,
  latestSeconds = 0,
  onNote?: (sentence: string) => void,
): void {
  const { durationSeconds, source, startSeconds } = video;
  if (durationSeconds === undefined || plan.sampling.kind === 'numbers') return;
  const end = latestSeconds - startSeconds;
  if (end + CUT_OFF_SECONDS >= Math.min(plan.endSeconds ?? Infinity, durationSeconds)) return;
  onNote?.(
    `${source.name} ends at ${end.toFixed(1)} s, although it says ${durationSeconds.toFixed(1)} s: it is damaged or incomplete.`,
  );
}
