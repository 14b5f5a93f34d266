import type { VideoStream } from './video-stream.js';

/** What one prompt is about. */
export interface TaskInput {
  /** How results call it: the path as the user wrote it. */
  readonly name: string;
  /** Several are the pictures of one prompt, in order. */
  readonly pictures: readonly PictureSource[];
  /** For what shows only when it is opened whether it is a picture or a video: called once, in its turn. */
  readonly open?: MediaSource;
}

/** A picture's bytes, or a video. What it throws is the error of this input alone. */
export type MediaSource = (signal: AbortSignal) => Promise<Uint8Array | VideoStream>;

/**
 * A path, the bytes of a picture file, or a function that gives them when their turn comes. What it throws is the
 * error of this input alone.
 */
export type PictureSource = string | Uint8Array | ((signal: AbortSignal) => Promise<Uint8Array>);
