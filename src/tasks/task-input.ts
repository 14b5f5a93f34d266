/** What one prompt is about. */
export interface TaskInput {
  /** How results call it: the path as the user wrote it. */
  readonly name: string;
  /** Several are the pictures of one prompt, in order. */
  readonly pictures: readonly PictureSource[];
}

/**
 * A path, the bytes of a picture file, or a function that gives them when their turn comes. What it throws is the
 * error of this input alone.
 */
export type PictureSource = string | Uint8Array | ((signal: AbortSignal) => Promise<Uint8Array>);
