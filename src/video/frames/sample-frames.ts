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
import { isFile, readTimeline } from '../probe/measure-duration.js';
import { isBroadcastStream } from '../probe/read-packets.js';
import { findFirstShown } from './find-first-shown.js';
import { startOfPart } from './sampling-plan.js';

/** One frame that was taken. */
export interface VideoFrame {
  /**
   * Number in the video, from 0. Counted; after a jump to a later start (only where the rate is constant) it is the
   * time multiplied by the rate.
   */
  readonly index: number;
  /** From the video's beginning, as its file says it; of a frame that began before the part, the part's start. */
  readonly timeSeconds: number;
  /** Of one frame for each of several equal parts: where its part begins. */
  readonly startSeconds?: number;
  /** Where the next frame taken begins, or its part; of the last one, where the part of the video ends. */
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
  const isJoinable = startSeconds > 0 && isBroadcastStream(video) && isFile(video);
  const timeline = isJoinable ? await readTimeline(video, signal) : undefined;
  const isSteady = timeline?.isSteady !== false;
  const { durationSeconds = timeline?.durationSeconds } = isSteady ? video : {};
  const first = await findFirstShown(video, plan, { isSteady, durationSeconds, signal });
  if (signal?.aborted) throw new CancelledError();
  const canJump = bytes === undefined && sequence === undefined && (video.isConstantRate || canGuessNumbers);
  const isFromStart = startSeconds < MIN_JUMP_SECONDS || !canJump || sampling.kind === 'numbers' || !isSteady;
  const canToneMap = video.isHdr && (await hasFilters(tools, ['zscale', 'tonemap']));
  const shared = { tools, video, plan, canToneMap, isFromStart, first, spare: [] };
  const job = { ...shared, signal, onNote };
  const mayJump = !canGuessNumbers && jumps !== 'never' && maySeek(video, plan);
  const frames = mayJump ? takeSparseFrames(job, jumps === 'always') : decodeInOrder(job);
  let isFirst = true;
  for await (const frame of frames) {
    yield toFrame(frame, job, isFirst);
    isFirst = false;
  }
}

/** Jump as long as that is faster and exact; the rest is decoded in order. */
async function* takeSparseFrames(
  job: SamplingJob,
  always: boolean,
): AsyncGenerator<TakenFrame, void, undefined> {
  const { video, plan, isFromStart, signal, spare } = job;
  const times = await readFrameTimes(video, signal);
  if (signal?.aborted) throw new CancelledError();
  const seeks = times && planSeeks(video, plan, times, isFromStart ? 0 : (plan.startSeconds ?? 0), job.first);
  let latest = -Infinity;
  if (times !== undefined && seeks !== undefined && (always || seeks.isBetter)) {
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

function toFrame(taken: TakenFrame, { video, plan, spare }: SamplingJob, isFirst: boolean): VideoFrame {
  const { index, fileSeconds, nextSeconds, cutSeconds, pixels } = taken;
  const { width, height, startSeconds, durationSeconds = Infinity, framesPerSecond } = video;
  const partStart = plan.startSeconds ?? 0;
  // What began before the part is shown from its start.
  const timeSeconds = cleanSeconds(Math.max(fileSeconds - startSeconds, partStart));
  const rangeEnd = Math.min(plan.endSeconds ?? Infinity, durationSeconds);
  const lastEnd =
    Number.isFinite(rangeEnd) && rangeEnd > timeSeconds ? rangeEnd : timeSeconds + 1 / framesPerSecond;
  const { sampling } = plan;
  const standsFrom = (seconds: number): number =>
    sampling.kind !== 'count' || !Number.isFinite(rangeEnd)
      ? seconds
      : startOfPart(sampling.count, seconds, {
          startSeconds: partStart,
          lengthSeconds: rangeEnd - partStart,
        });
  const from = isFirst && sampling.kind === 'count' ? partStart : standsFrom(timeSeconds);
  const end = nextSeconds === undefined ? lastEnd : standsFrom(nextSeconds - startSeconds);
  return {
    index,
    timeSeconds,
    ...(sampling.kind === 'count' && { startSeconds: cleanSeconds(from) }),
    endSeconds: cleanSeconds(end),
    ...(cutSeconds === undefined ? {} : { cutSeconds: cleanSeconds(cutSeconds - startSeconds) }),
    image: { width, height, data: pixels },
    release: () => void spare.push(pixels),
  };
}
