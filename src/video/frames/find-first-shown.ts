import type { VideoInfo } from '../../base/video/video-info.js';
import { readPackets } from '../probe/read-packets.js';
import type { SamplingPlan } from './sampling-plan.js';

/** What is shown for no longer than this after the start of a part is a remainder: the next frame counts. Seconds. */
const REMAINDER_SECONDS = 0.05;
/** Frames are stored at most this much earlier or later than they are shown, seconds. */
const DISORDER_SECONDS = 1;
const ROUNDING_SECONDS = 1e-6;

/** The frame that is shown when a part of a video begins, as one that began earlier. */
export interface FirstShown {
  /** When it began, in the file's own time. */
  readonly fileSeconds: number;
  /** When the next frame begins; infinite at the last one. */
  readonly nextSeconds: number;
}

/** What is known about the video. */
export interface ShownOptions {
  /** Times nowhere begin anew, so that it can be looked for near the start. */
  readonly isSteady: boolean;
  readonly durationSeconds: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Find the frame that is on screen where a plan starts, such as a slide that stays for a minute.
 * @returns undefined where a frame begins there, or it cannot be known without decoding.
 */
export async function findFirstShown(
  video: VideoInfo,
  { startSeconds = 0, sampling }: SamplingPlan,
  { isSteady, durationSeconds, signal }: ShownOptions,
): Promise<FirstShown | undefined> {
  const { source } = video;
  const isAsked = startSeconds > 0 && sampling.kind !== 'numbers' && source.sequence === undefined;
  if (!isAsked || startSeconds >= (durationSeconds ?? Infinity)) return undefined;
  const start = video.startSeconds + startSeconds;
  const near = `${Math.max(0, start - DISORDER_SECONDS).toFixed(6)}%${(start + DISORDER_SECONDS).toFixed(6)}`;
  const isNear = isSteady && source.bytes === undefined;
  // Some readers, as that of GIF, can't begin in the middle.
  for (const interval of isNear ? [near, undefined] : [undefined]) {
    let [shown, next] = [-Infinity, Infinity];
    for await (const { shownSeconds, decodedSeconds } of readPackets(video, { interval, signal })) {
      if (shownSeconds <= start + ROUNDING_SECONDS) shown = Math.max(shown, shownSeconds);
      else next = Math.min(next, shownSeconds);
      if (decodedSeconds > start + DISORDER_SECONDS) break;
    }
    if (shown === -Infinity) continue;
    // Of the last frame only the length says until when it is shown.
    const isOver = next === Infinity && durationSeconds === undefined;
    const isFirst = shown >= start - ROUNDING_SECONDS || next - start <= REMAINDER_SECONDS;
    return isOver || isFirst ? undefined : { fileSeconds: shown, nextSeconds: next };
  }
  return undefined;
}
