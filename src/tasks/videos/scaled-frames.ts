import type { Size } from '../../base/geometry.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';

export type { VideoFrame } from '../../video/frames/sample-frames.js';

/** No screen shows more frames in a second. */
const MAX_RATE = 60;

/**
 * All frames of a video from a time on, in another size, for showing: ffmpeg makes them small, which is much quicker
 * than taking them whole. At most 60 a second.
 *
 * @throws {InputError} there is none, or it cannot be decoded. {ToolMissingError} {CancelledError}
 */
export function scaledFrames(
  video: VideoInfo,
  { width, height }: Size,
  startSeconds: number,
  signal: AbortSignal,
): AsyncIterable<VideoFrame> {
  const isFast = video.framesPerSecond > MAX_RATE;
  const sampling = isFast
    ? ({ kind: 'every', everySeconds: 1 / MAX_RATE } as const)
    : ({ kind: 'all' } as const);
  return sampleFrames(
    { ...video, width, height, hasSquarePixels: false },
    { sampling, startSeconds },
    { signal, canGuessNumbers: true },
  );
}
