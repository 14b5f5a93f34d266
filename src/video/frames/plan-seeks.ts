import type { FrameTimes } from './read-frame-times.js';
import { chooseFrames, chooseShown, sampledRange, type SamplingPlan } from './sampling-plan.js';
import type { FirstShown } from './find-first-shown.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** Frames that one run of ffmpeg takes after a jump; numbers of frames in the video, ascending. */
export interface SeekStretch {
  /** Where to jump, seconds from the file's beginning, for ffmpeg's -ss with -noaccurate_seek. */
  readonly seekSeconds: number;
  readonly frames: readonly number[];
}

/** Packets of these codecs hold one shown frame each, and their key frames need no earlier ones. */
const codecs = new Set(['h264', 'hevc', 'vp9', 'av1', 'mjpeg', 'prores', 'dnxhd', 'ffv1']);
/** Containers with an index of their frames, and times that do not depend on what was read before. */
const containers = /^(mov,mp4|matroska)/;
/** Where frames lie closer together than this, key frames do not. Seconds. */
const MIN_GAP_SECONDS = 1.5;
/** Reading the times of a shorter video is not worth it, seconds. */
const MIN_SECONDS = 20;
/** Starting ffmpeg takes about as long as decoding this many pixels. */
const START_PIXELS = 60e6;
/** Jumps must save at least half of the decoding. */
const MIN_SAVING = 0.5;
/** So that the list of frames fits a command line everywhere. */
const MAX_FRAMES_PER_RUN = 400;
/** How much earlier ffmpeg jumps in a container that is indexed by decoding time, as key frames may come late. */
const SEEK_LEAD_SECONDS = 3 / 23;
const SEEK_MARGIN_SECONDS = 0.001;

/**
 * Whether it is worth reading the times of a video's frames in order to jump: a sparse plan, or a late start
 * where frames must be counted, in a file on this machine that can be jumped in exactly.
 */
export function maySeek(video: VideoInfo, plan: SamplingPlan): boolean {
  const { sampling, startSeconds = 0, endSeconds = Infinity, findsCuts = false } = plan;
  const end = Math.min(endSeconds, video.durationSeconds ?? 0);
  const isFile = video.source.address.startsWith('file:');
  if (!isFile || !containers.test(video.container) || !codecs.has(video.codec)) return false;
  // Finding cuts needs the frames in between, and deinterlacing needs neighbouring fields.
  if (findsCuts || video.isInterlaced || sampling.kind === 'scenes' || end < MIN_SECONDS) return false;
  if (sampling.kind === 'numbers' || startSeconds >= MIN_SECONDS) return true;
  const gapSeconds =
    sampling.kind === 'every'
      ? sampling.everySeconds
      : sampling.kind === 'count'
        ? (end - startSeconds) / sampling.count
        : 0;
  return gapSeconds >= MIN_GAP_SECONDS && end - startSeconds >= MIN_SECONDS;
}

/**
 * The jumps that take exactly the frames that decoding in order would.
 * @param decodedSeconds where decoding in order would begin.
 * @param firstShown the frame that is shown where the plan starts, if it began earlier.
 * @returns the jumps, and whether they save at least half of the decoding, or take frames that decoding in order would
 * miss; undefined when the plan takes no frame.
 */
export function planSeeks(
  video: VideoInfo,
  plan: SamplingPlan,
  times: FrameTimes,
  decodedSeconds: number,
  firstShown?: FirstShown,
): { readonly stretches: readonly SeekStretch[]; readonly isBetter: boolean } | undefined {
  if (plan.sampling.kind === 'scenes') return undefined;
  const { pts, isKey, unitSeconds } = times;
  const { startSeconds = 0, endSeconds } = plan;
  const rangeStart = video.startSeconds + startSeconds;
  const fromStart = startSeconds > 0 ? countBefore(pts, toUnits(rangeStart, unitSeconds)) : 0;
  const first = firstShown === undefined ? fromStart : Math.max(0, fromStart - 1);
  const end =
    endSeconds === undefined
      ? pts.length
      : countBefore(pts, toUnits(video.startSeconds + endSeconds, unitSeconds));
  const shown = pts.subarray(first, Math.max(first, end)).map((time) => time * unitSeconds);
  const range = { ...sampledRange(video, plan), firstUntil: firstShown?.nextSeconds };
  const inOrderTakes = chooseFrames(plan.sampling, shown, range);
  const chosen =
    plan.sampling.kind === 'count' ? chooseShown(plan.sampling.count, shown, range) : inOrderTakes;
  const frames = chosen.map((n) => n + first);
  if (frames.length === 0) return undefined;

  const startCost = START_PIXELS / (video.width * video.height);
  const stretches: { keyFrame: number; frames: number[] }[] = [];
  let cost = 0;
  let keyFrame = 0;
  let nextKey = 0;
  for (const frame of frames) {
    for (; nextKey <= frame; nextKey++) if (isKey[nextKey] === 1) keyFrame = nextKey;
    const current = stretches.at(-1);
    const goOn = frame - (current?.frames.at(-1) ?? -Infinity);
    const jump = startCost + frame - keyFrame + 1;
    cost += Math.min(goOn, jump);
    if (current !== undefined && goOn <= jump && current.frames.length < MAX_FRAMES_PER_RUN) {
      current.frames.push(frame);
    } else stretches.push({ keyFrame, frames: [frame] });
  }
  const inOrder = end - countBefore(pts, toUnits(video.startSeconds + decodedSeconds, unitSeconds));
  return {
    isBetter: cost <= inOrder * MIN_SAVING || chosen.some((n, i) => n !== inOrderTakes[i]),
    stretches: stretches.map((stretch) => ({
      seekSeconds: seekPlace(times, stretch.keyFrame) - video.startSeconds,
      frames: stretch.frames,
    })),
  };
}

/** A place from which ffmpeg goes back to this key frame, in either kind of container; or to an earlier one. */
function seekPlace({ pts, isKey, unitSeconds }: FrameTimes, keyFrame: number): number {
  const next = isKey.indexOf(1, keyFrame + 1);
  const keySeconds = pts[keyFrame] * unitSeconds;
  const nextSeconds = next < 0 ? Infinity : pts[next] * unitSeconds;
  return Math.min(keySeconds + SEEK_LEAD_SECONDS + SEEK_MARGIN_SECONDS, nextSeconds - SEEK_MARGIN_SECONDS);
}

/** As ffmpeg's trim filter rounds: to microseconds, then to the nearest unit. */
function toUnits(seconds: number, unitSeconds: number): number {
  return Math.round(Number(seconds.toFixed(6)) / unitSeconds);
}

/** How many of these ascending times come before the given one. */
function countBefore(pts: Float64Array, time: number): number {
  let low = 0;
  let high = pts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pts[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
