import type { ModelPixels } from '../../base/image.js';

/** rescale 1/255, mean 0.5, std 0.5, from preprocessor_config.json of Google's checkpoints. */
const MEAN = 0.5;
const STD = 0.5;

/** The 256 values that a byte can become, rounded to float32 after each step as the reference does. */
const normalized = Float32Array.from({ length: 256 }, (_, value) =>
  Math.fround(Math.fround(Math.fround(value / 255) - MEAN) / STD),
);

/**
 * Convert 8-bit pixels to the tensor that SigLIP expects.
 *
 * @returns [3, side, side] float32 in [-1, 1]: all of red, then green, then blue, each row-major.
 */
export function normalizePixels(pixels: ModelPixels): Float32Array {
  const planeLength = pixels.side * pixels.side;
  const result = new Float32Array(planeLength * 3);
  for (let i = 0, from = 0; i < planeLength; i++, from += 3) {
    result[i] = normalized[pixels.data[from]];
    result[planeLength + i] = normalized[pixels.data[from + 1]];
    result[2 * planeLength + i] = normalized[pixels.data[from + 2]];
  }
  return result;
}
