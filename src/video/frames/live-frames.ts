import { CancelledError, InputError, NetworkError } from '../../base/errors.js';
import { cleanSeconds } from '../probe/clean-seconds.js';
import { startDecoding } from './decode-frames.js';
import { describeNoFrames } from './describe-no-frames.js';
import { hasFilters } from '../ffmpeg/ffmpeg-features.js';
import { findFfmpeg, type FfmpegTools } from '../ffmpeg/find-ffmpeg.js';
import type { FrameFilters } from './frame-filters.js';
import { latestOnly } from './latest-only.js';
import { buildLiveFilters, type LivePlan } from './live-filters.js';
import { refuseKilled } from '../ffmpeg/refuse-killed.js';
import type { VideoFrame } from './sample-frames.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { watch } from './watch.js';
import { joinSignals } from '../../base/signals/join-signals.js';

/** How much longer than requested an input that stops sending may take, seconds: to connect, and for pauses. */
const GRACE_SECONDS = 10;
/** The longest delay of a timer: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A frame of an input without a known end. Times count from the first frame received. */
export interface LiveFrame extends VideoFrame {
  readonly live: {
    /** Frames that were taken since the previous one and then dropped. */
    readonly droppedBefore: number;
    /**
     * Where the next frame begins, as far as is known now: the time of the newest frame received, or, if there is
     * none, `endSeconds`, where the next one was expected when this one arrived.
     */
    readonly readEndSeconds: () => number;
  };
}

/** How to take frames of live input. */
export interface LiveOptions {
  readonly signal: AbortSignal;
  /** Called for each frame that was taken but dropped, as a newer one arrived before its turn. */
  readonly onDrop: () => void;
  /** Called with a sentence when the connection breaks; no frame follows. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/**
 * Take frames of live input as they arrive. ffmpeg is read as fast as it produces; the caller gets the newest frame.
 * ffmpeg has ended when the loop ends, even if it is left early.
 *
 * @throws {InputError} no frame arrived. {ToolMissingError} ffmpeg is not installed. {CancelledError} `signal` aborted.
 */
export async function* takeLiveFrames(
  video: VideoInfo,
  plan: LivePlan,
  { signal, onDrop, onNote }: LiveOptions,
): AsyncGenerator<LiveFrame, void, undefined> {
  const tools = await findFfmpeg();
  const canToneMap = video.isHdr && (await hasFilters(tools, ['zscale', 'tonemap']));
  const filters = buildLiveFilters(video, plan, { canToneMap });
  const hasLeft = new AbortController();
  let newestSeconds = 0;
  let dropped = 0;
  const ending = joinSignals(signal, hasLeft.signal);
  const decoding = decodeLive(tools, video, plan, filters, { signal: ending, onNote });
  const watched = watch(decoding, ({ timeSeconds }) => (newestSeconds = timeSeconds));
  const frames = latestOnly(watched, ({ release }) => {
    release();
    dropped++;
    onDrop();
  });
  try {
    for await (const frame of frames) {
      const { timeSeconds, endSeconds } = frame;
      const droppedBefore = dropped;
      dropped = 0;
      const readEndSeconds = (): number => (newestSeconds > timeSeconds ? newestSeconds : endSeconds);
      yield { ...frame, live: { droppedBefore, readEndSeconds } };
    }
  } finally {
    hasLeft.abort();
    await decoding.return();
  }
}

/** Each frame as soon as all its pixels have arrived. */
async function* decodeLive(
  tools: FfmpegTools,
  video: VideoInfo,
  plan: LivePlan,
  filters: FrameFilters,
  { signal, onNote }: Pick<LiveOptions, 'signal' | 'onNote'>,
): AsyncGenerator<VideoFrame, void, undefined> {
  if (signal.aborted) throw new CancelledError();
  const spare: Uint8Array[] = [];
  const { pictures, log, ended, stop, close } = startDecoding({
    ...{ tools, video, filters, spare, signal },
    isLive: true,
  });
  // The filters end after the last frame of the requested time; there may be no more frames.
  let isOver = false;
  const end = (): void => {
    isOver = true;
    stop();
  };
  const { durationSeconds } = plan;
  const timer =
    durationSeconds && setTimeout(end, Math.min((durationSeconds + GRACE_SECONDS) * 1000, MAX_TIMER_MS));
  let position = 0;
  try {
    for await (const pixels of pictures) {
      const frame = await log.frameAt(position++);
      if (frame === undefined) break;
      const origin = log.firstSeconds ?? frame.fileSeconds;
      const { sampling } = plan;
      const step = sampling.kind === 'every' ? sampling.everySeconds : 0;
      const timeSeconds = cleanSeconds(frame.fileSeconds - origin);
      yield {
        index: frame.decodedNumber,
        timeSeconds,
        endSeconds: cleanSeconds(timeSeconds + Math.max(step, 1 / video.framesPerSecond)),
        ...(frame.cutSeconds === undefined ? {} : { cutSeconds: cleanSeconds(frame.cutSeconds - origin) }),
        image: { width: video.width, height: video.height, data: pixels },
        release: () => void spare.push(pixels),
      };
    }
    const ending = await ended;
    if (signal.aborted || ending.wasInterrupted) throw new CancelledError();
    refuseKilled(ending, `read ${video.source.name}`);
    const why = video.source.explain?.(ending.lines.join('\n'));
    if (position > 0) {
      // Treated as the end: there is no telling whether more would have followed.
      if (why instanceof NetworkError && !isOver) onNote?.(why.message);
      return;
    }
    if (isOver) throw new InputError('VIDEO_NO_FRAMES', `${video.source.name} gave no frame in that time.`);
    throw why ?? describeNoFrames(video, plan, ending);
  } finally {
    clearTimeout(timer);
    await close();
  }
}
