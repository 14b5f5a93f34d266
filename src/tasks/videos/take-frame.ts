import type { RgbImage } from '../../base/image.js';
import { InputError } from '../../base/errors.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';
import { formatClock } from '../../render/format-time.js';
import { sampleFrames } from '../../video/frames/sample-frames.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { THUMBNAIL_PIXELS, type PreparedPicture } from '../inputs/open-picture.js';

/** A frame in a strip has at most this many pixels per side: as much as a high-resolution screen shows. */
const STRIP_PIXELS = 320;

/** A frame of a video to show and to ask about more than once. */
export interface PreparedFrame extends PreparedPicture {
  /** Number in the video, from 0; estimated from the time after a jump in a video with a variable frame rate. */
  readonly index: number;
  /** Time from the video's beginning, according to its file. */
  readonly timeSeconds: number;
}

/**
 * The frame shown at a given time, or one that begins at once after it.
 *
 * @param seconds from the video's beginning, 0 or more.
 * @throws {InputError} there is none, or it cannot be decoded. {ToolMissingError} ffmpeg is not installed.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function takeFrame(
  video: VideoInfo,
  seconds: number,
  signal: AbortSignal,
): Promise<PreparedFrame> {
  const startedAt = performance.now();
  const end = video.durationSeconds;
  const plan = { sampling: { kind: 'all' }, startSeconds: seconds } as const;
  if (end === undefined || seconds < end) {
    for await (const frame of sampleFrames(video, plan, { signal, canGuessNumbers: true })) {
      const { index, timeSeconds, image } = frame;
      const decodeMs = performance.now() - startedAt;
      return { index, timeSeconds, image, decodeMs, thumbnail: await shrinkImage(image, THUMBNAIL_PIXELS) };
    }
  }
  const { name } = video.source;
  const ends = end === undefined ? 'ends before' : `is ${formatClock(end, 1)} long: there is no frame at`;
  throw new InputError('FRAME_MISSING', `${name} ${ends} ${formatClock(seconds, 1)}.`);
}

/** A frame shrunk to the size that a strip of frames needs. */
export async function shrinkFrame(image: RgbImage): Promise<RgbImage> {
  return shrinkImage(image, STRIP_PIXELS);
}
