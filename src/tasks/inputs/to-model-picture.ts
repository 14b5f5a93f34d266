import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Size } from '../../base/geometry.js';
import type { ModelPixels } from '../../base/image.js';
import { toModelPixels } from '../../image/resize/to-model-pixels.js';
import type { DecodedPicture } from './decode-pictures.js';

/** A picture as a prompt needs it: nothing else is known of it once it is asked about. */
export interface ModelPicture {
  /** What the model sees. */
  readonly pixels: ModelPixels;
  /** The picture as the user has it: boxes are placed in it. */
  readonly size: Size;
  /** What decoding and shrinking it took. */
  readonly decodeMs: number;
}

/**
 * Shrink a picture to the model's square. Each has a turn of the event loop to itself.
 *
 * @param side 224, 448 or 896 pixels.
 * @throws {InputError} the picture has no pixels.
 */
export async function toModelPicture(
  { image, decodeMs }: DecodedPicture,
  side: number,
): Promise<ModelPicture> {
  await nextTurn();
  const startedAt = performance.now();
  const pixels = toModelPixels(image, side);
  const { width, height } = image;
  return { pixels, size: { width, height }, decodeMs: decodeMs + performance.now() - startedAt };
}
