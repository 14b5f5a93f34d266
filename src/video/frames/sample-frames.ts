import { Readable } from 'node:stream';
import type { RgbImage } from '../../base/image.js';
import { CancelledError } from '../../base/errors.js';
import { cleanSeconds } from '../probe/clean-seconds.js';
import { decodeInOrder } from './decode-in-order.js';
import { hasFilters } from '../ffmpeg/ffmpeg-features.js';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import { jumpToFrames } from './jump-to-frames.js';
import { maySeek, planSeeks } from './plan-seeks.js';
import { readFrameTimes } from './read-frame-times.js';
import type { SamplingPlan } from './sampling-plan.js';
import type { SamplingJob, TakenFrame } from './taken-frame.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { isBroadcastStream, isFile, readTimeline } from '../probe/measure-duration.js';

/** One frame that was taken. */
export interface VideoFrame {
  /**
   * Number in the video, from 0. Counted; after a jump to a later start (only where the rate is constant) it is the
   * time multiplied by the rate.
   */
  readonly index: number;
  /** From the video's beginning, as its file says it. */
  readonly timeSeconds: number;
  /** Where the next frame taken begins; of the last one, where the part of the video ends. */
  readonly endSeconds: number;
  /** When a shot began, where one did here or since the frame before. Only where the plan finds cuts. */
  readonly cutSeconds?: number;
  readonly image: RgbImage;
  /**
   * Allow a later frame to overwrite these pixels: `image` must not be used any more. It need not be called; it
   * keeps memory small, as pixels lie outside the heap whose size makes the garbage collector run.
   */
  readonly release: () => void;
}

/** How to take frames. */
export interface SampleOptions {
  readonly signal?: AbortSignal;
  /** Called once, with a sentence, when the video ends before its header says. */
  readonly onNote?: (sentence: string) => void;
  /** Jump to a late start also where the rate varies: frame numbers are then guessed from their times. */
  readonly canGuessNumbers?: boolean;
  /** Whether to jump over the video between frames: never, or wherever it is exact; when absent, where it is faster. */
  readonly jumps?: 'never' | 'always';
}

/** Decoded frames waiting for the model take at most this many bytes (8 frames of 1080p), but are at least two. */
const QUEUE_BYTES = 48 * 1024 * 1024;
const MAX_QUEUE_FRAMES = 16;
/** A jump pays off when more than this is skipped, seconds. */
const MIN_JUMP_SECONDS = 5;

/**
 * Take frames of a video in order, decoding ahead while earlier ones are used. Frames in between are decoded too,
 * except where jumping is faster and gives the same frames. ffmpeg has ended when the loop ends, even if it is left
 * early.
 *
 * @throws {InputError} no frame can be decoded, or the part asked for holds none.
 * @throws {ToolMissingError} ffmpeg is not installed. {CancelledError} `signal` was aborted.
 */
export function sampleFrames(
  video: VideoInfo,
  plan: SamplingPlan,
  options: SampleOptions = {},
): AsyncIterable<VideoFrame> {
  const frameBytes = video.width * video.height * 3;
  const highWaterMark = Math.max(1, Math.min(MAX_QUEUE_FRAMES, Math.floor(QUEUE_BYTES / frameBytes)) - 1);
  return Readable.from(takeFrames(video, plan, options), { highWaterMark });
}

async function* takeFrames(
  video: VideoInfo,
  plan: SamplingPlan,
  options: SampleOptions,
): AsyncGenerator<VideoFrame, void, undefined> {
  const tools = await findFfmpeg();
  if (options.signal?.aborted) throw new CancelledError();
  const { startSeconds = 0, sampling } = plan;
  const { signal, onNote, jumps, canGuessNumbers = false } = options;
  const { bytes, sequence } = video.source;
  const canJump = bytes === undefined && sequence === undefined && (video.isConstantRate || canGuessNumbers);
  const isFromStart =
    startSeconds < MIN_JUMP_SECONDS ||
    !canJump ||
    sampling.kind === 'numbers' ||
    (isBroadcastStream(video) && isFile(video) && !(await readTimeline(video, signal)).isSteady);
  const canToneMap = video.isHdr && (await hasFilters(tools, ['zscale', 'tonemap']));
  const shared = { tools, video, plan, canToneMap, isFromStart, spare: [] };
  const job = { ...shared, signal, onNote };
  const mayJump = !canGuessNumbers && jumps !== 'never' && maySeek(video, plan);
  const frames = mayJump ? takeSparseFrames(job, jumps === 'always') : decodeInOrder(job);
  for await (const frame of frames) yield toFrame(frame, job);
}

/** Jump as long as that is faster and exact; the rest is decoded in order. */
async function* takeSparseFrames(
  job: SamplingJob,
  always: boolean,
): AsyncGenerator<TakenFrame, void, undefined> {
  const { video, plan, isFromStart, signal, spare } = job;
  const times = await readFrameTimes(video, signal);
  if (signal?.aborted) throw new CancelledError();
  const seeks = times && planSeeks(video, plan, times, isFromStart ? 0 : (plan.startSeconds ?? 0));
  let latest = -Infinity;
  if (times !== undefined && seeks !== undefined && (always || seeks.isQuicker)) {
    const jumps = jumpToFrames(job, times, seeks.stretches);
    try {
      let next = await jumps.next();
      for (; next.done !== true; next = await jumps.next()) {
        latest = next.value.fileSeconds;
        yield next.value;
      }
      if (next.value) return;
    } finally {
      await jumps.return(false);
    }
  }
  for await (const frame of decodeInOrder(job)) {
    if (frame.fileSeconds > latest) yield frame;
    else spare.push(frame.pixels);
  }
}

function toFrame(taken: TakenFrame, { video, plan, spare }: SamplingJob): VideoFrame {
  const { index, fileSeconds, nextSeconds, cutSeconds, pixels } = taken;
  const { width, height, startSeconds, durationSeconds = Infinity, framesPerSecond } = video;
  const timeSeconds = cleanSeconds(fileSeconds - startSeconds);
  const rangeEnd = Math.min(plan.endSeconds ?? Infinity, durationSeconds);
  const lastEnd =
    Number.isFinite(rangeEnd) && rangeEnd > timeSeconds ? rangeEnd : timeSeconds + 1 / framesPerSecond;
  return {
    index,
    timeSeconds,
    endSeconds: cleanSeconds(nextSeconds === undefined ? lastEnd : nextSeconds - startSeconds),
    ...(cutSeconds === undefined ? {} : { cutSeconds: cleanSeconds(cutSeconds - startSeconds) }),
    image: { width, height, data: pixels },
    release: () => void spare.push(pixels),
  };
}
