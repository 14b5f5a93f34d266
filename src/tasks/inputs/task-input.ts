import type { VideoStream } from './video-stream.js';

/** What one prompt is about. */
export interface TaskInput {
  /** The input's name in results: the path as the user wrote it. */
  readonly name: string;
  /** More than one if a single prompt is about several pictures, in order. */
  readonly pictures: readonly PictureSource[];
  /** If only opening it shows whether it is a picture or a video: called once, when its turn comes. */
  readonly open?: MediaSource;
}

/** A picture's bytes, or a video. An error thrown here affects this input only. */
export type MediaSource = (signal: AbortSignal) => Promise<Uint8Array | VideoStream>;

/**
 * A path, the bytes of a picture file, or a function that returns them when their turn comes. An error thrown here
 * affects this input only.
 */
export type PictureSource = string | Uint8Array | ((signal: AbortSignal) => Promise<Uint8Array>);
