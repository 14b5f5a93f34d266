/**
 * A decoded picture: 8-bit RGB, row-major, `data.length === width * height * 3`, EXIF orientation applied,
 * alpha already flattened onto white.
 */
export interface RgbImage {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * A picture as the vision tower sees it before normalisation: `side` x `side` 8-bit RGB, row-major. Made by
 * image/resize/resize-bicubic; small enough to be sent to the engine's process.
 */
export interface ModelPixels {
  /** 224, 448 or 896 in Google's checkpoints. */
  readonly side: number;
  readonly data: Uint8Array;
}
