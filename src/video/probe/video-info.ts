import type { Size } from '../../base/geometry.js';
import type { VideoSource } from '../source/video-source.js';

/** What is known about a video before its frames are decoded. */
export interface VideoInfo extends Size {
  // Width and height are those of the picture as shown: rotated, with square pixels.
  readonly source: VideoSource;
  /** Seconds from the first frame to the end of the last; absent when the file does not say. */
  readonly durationSeconds?: number;
  /** The picture as stored has square pixels: it need not be scaled to be shown. */
  readonly hasSquarePixels: boolean;
  /** The file's own time at which it begins; frames' times count from here. */
  readonly startSeconds: number;
  /** On average. */
  readonly framesPerSecond: number;
  /** The header promises the same time between all frames. */
  readonly isConstantRate: boolean;
  /** Such as `h264`. */
  readonly codec: string;
  /** ffmpeg's names of the format, such as `matroska,webm`. */
  readonly container: string;
  /** Which of the file's streams the frames come from. */
  readonly streamIndex: number;
  readonly isInterlaced: boolean;
  /** High dynamic range, which must be mapped to the range of a screen: PQ or HLG. */
  readonly isHdr: boolean;
  readonly hasAlpha: boolean;
  readonly hasAudio: boolean;
  /** Codec of the first sound stream, such as `aac`. */
  readonly audioCodec?: string;
  /** The file names its colour matrix; otherwise it is guessed by the size. */
  readonly hasColorMatrix: boolean;
}
