import { Readable } from 'node:stream';
import type { RgbImage } from '../base/image.js';
import { CancelledError } from '../base/errors.js';
import { describeNoFrames } from './describe-no-frames.js';
import { hasFilters } from './ffmpeg-features.js';
import { findFfmpeg } from './find-ffmpeg.js';
import { buildFrameFilters, keepFrameTimes } from './frame-filters.js';
import { FrameLog, type LoggedFrame } from './frame-log.js';
import { readPictures } from './read-pictures.js';
import { runFfmpeg, type FfmpegRun } from './run-ffmpeg.js';
import type { SamplingPlan } from './sampling-plan.js';
import type { VideoInfo } from './video-info.js';

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
   * Let a later frame be written over these pixels: `image` must not be used any more. It need not be called; it
   * keeps memory small, as pixels lie outside the heap whose size makes the garbage collector run.
   */
  readonly release: () => void;
}

/** How to take frames. */
export interface SampleOptions {
  readonly signal?: AbortSignal;
  /** Told once, in a sentence, when the video ends before its header says. */
  readonly onNote?: (sentence: string) => void;
  /** Frames at this constant rate, repeated and left out as it needs, instead of those of the plan's sampling. */
  readonly constantRate?: number;
  /** Jump to a late start also where the rate varies: frames' numbers are then guessed from their times. */
  readonly canGuessNumbers?: boolean;
}

/** Decoded frames wait for the model in at most so many bytes (8 frames of 1080p), and in two frames at least. */
const QUEUE_BYTES = 48 * 1024 * 1024;
const MAX_QUEUE_FRAMES = 16;
/** A jump pays off when more than this is skipped, seconds. */
const MIN_JUMP_SECONDS = 5;
/** A video this much shorter than its header says was cut off, seconds. */
const CUT_OFF_SECONDS = 1;

/**
 * Take frames of a video in order, decoding ahead while earlier ones are used. ffmpeg is gone when the loop ends,
 * also when it is left early.
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
  return Readable.from(decodeFrames(video, plan, options), { highWaterMark });
}

async function* decodeFrames(
  video: VideoInfo,
  plan: SamplingPlan,
  options: SampleOptions,
): AsyncGenerator<VideoFrame, void, undefined> {
  const { signal } = options;
  const tools = await findFfmpeg();
  if (signal?.aborted) throw new CancelledError();
  const { startSeconds = 0 } = plan;
  const canJump = video.isConstantRate || options.canGuessNumbers === true;
  const isFromStart = startSeconds < MIN_JUMP_SECONDS || !canJump || plan.sampling.kind === 'numbers';
  const filters = buildFrameFilters(video, plan, {
    isFromStart,
    canToneMap: video.isHdr && (await hasFilters(tools, ['zscale', 'tonemap'])),
    ...(options.constantRate === undefined ? {} : { constantRate: options.constantRate }),
  });
  const log = new FrameLog(filters);
  const run = runFfmpeg({
    tools,
    inputs: [
      {
        source: video.source.address,
        options: [
          ...video.source.inputOptions,
          '-copyts',
          ...(isFromStart ? [] : ['-ss', startSeconds.toFixed(6)]),
          ...alphaDecoder(video),
        ],
      },
    ],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-an', '-sn', '-dn', '-vf', filters.graph],
      ...keepFrameTimes(tools),
      ...['-f', 'rawvideo'],
    ],
    onLine: (line) => log.addLine(line),
  });
  void run.ended.then(() => log.end());
  signal?.addEventListener('abort', run.stop, { once: true });
  try {
    yield* pairFrames(run, log, { video, plan, options, isFromStart });
  } finally {
    signal?.removeEventListener('abort', run.stop);
    run.stop();
    run.stdout.destroy();
    await run.ended;
  }
}

interface Decoding {
  readonly video: VideoInfo;
  readonly plan: SamplingPlan;
  readonly options: SampleOptions;
  readonly isFromStart: boolean;
}

/** Put the pixels of stdout and the lines of stderr together, each frame once the next one's time is known. */
async function* pairFrames(
  run: FfmpegRun,
  log: FrameLog,
  { video, plan, options, isFromStart }: Decoding,
): AsyncGenerator<VideoFrame, void, undefined> {
  const origin = video.startSeconds;
  const rangeEnd = Math.min(plan.endSeconds ?? Infinity, video.durationSeconds ?? Infinity);
  const indexOf = (frame: LoggedFrame): number => {
    const jumped = isFromStart
      ? 0
      : Math.round(((log.firstSeconds ?? origin) - origin) * video.framesPerSecond);
    return jumped + frame.decodedNumber;
  };
  let position = 0;
  const spare: Uint8Array[] = [];
  for await (const pixels of readPictures(run.stdout, video, spare)) {
    const frame = await log.frameAt(position);
    if (frame === undefined) break;
    const next = await log.frameAt(++position);
    const timeSeconds = cleanSeconds(frame.fileSeconds - origin);
    const lastEnd =
      Number.isFinite(rangeEnd) && rangeEnd > timeSeconds
        ? rangeEnd
        : timeSeconds + 1 / video.framesPerSecond;
    yield {
      index: indexOf(frame),
      timeSeconds,
      endSeconds: cleanSeconds(next ? next.fileSeconds - origin : lastEnd),
      ...(frame.cutSeconds === undefined ? {} : { cutSeconds: cleanSeconds(frame.cutSeconds - origin) }),
      image: { width: video.width, height: video.height, data: pixels },
      release: () => void spare.push(pixels),
    };
  }
  const end = await run.ended;
  if (options.signal?.aborted || end.wasInterrupted) throw new CancelledError();
  if (position === 0) throw describeNoFrames(video, plan, log, end);
  const decodedEnd = (log.latestSeconds ?? 0) - origin;
  if (
    video.durationSeconds !== undefined &&
    plan.sampling.kind !== 'numbers' &&
    decodedEnd + CUT_OFF_SECONDS < rangeEnd
  ) {
    options.onNote?.(
      `${video.source.name} ends at ${decodedEnd.toFixed(1)} s, although it says ${video.durationSeconds.toFixed(1)} s: it is damaged or incomplete.`,
    );
  }
}

/** ffmpeg's own decoders of VP8 and VP9 leave transparency out. */
function alphaDecoder({ hasAlpha, codec }: VideoInfo): string[] {
  if (!hasAlpha || (codec !== 'vp8' && codec !== 'vp9')) return [];
  return ['-c:v', codec === 'vp8' ? 'libvpx' : 'libvpx-vp9'];
}

/** Microseconds: sums of binary fractions show no tails. */
function cleanSeconds(seconds: number): number {
  return Number(seconds.toFixed(6));
}
