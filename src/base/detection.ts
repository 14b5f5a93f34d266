import type { Box } from './geometry.js';

/**
 * A mask over the whole picture: one byte per pixel, row-major, 1 where the object is.
 * `data.length === width * height`.
 */
export interface BinaryMask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One object that the model found. */
export interface Detection {
  /** As the model wrote it, trimmed, control characters removed; empty when the model gave none. */
  readonly label: string;
  /** Geometric mean of the label tokens' probabilities (of the box tokens' when there is no label), 0..1. */
  readonly score: number;
  /** Geometric mean of the four box tokens' probabilities, 0..1. */
  readonly boxScore: number;
  readonly box: Box;
  /** The four location values as the tokens say them: y0, x0, y1, x1, each 0..1023. */
  readonly bins: readonly [number, number, number, number];
  /** The 16 segmentation codes, each 0..127; present only when the model drew the object. */
  readonly codes?: readonly number[];
  /** Present once the codes were decoded and placed in the picture. */
  readonly mask?: BinaryMask;
}

/** A piece of an answer that looked like a record but was not a valid one. Never dropped in silence. */
export interface RejectedRecord {
  /** The piece as the model wrote it, with its special tokens. */
  readonly raw: string;
  /** A short phrase, such as `two of four coordinates`. */
  readonly reason: string;
}
