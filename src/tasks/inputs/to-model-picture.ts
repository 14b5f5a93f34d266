import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Size } from '../../base/geometry.js';
import type { ModelPixels } from '../../base/image.js';
import { toModelPixels } from '../../image/resize/to-model-pixels.js';
import type { DecodedPicture } from './decode-pictures.js';

/** What a prompt needs from a picture: nothing else is kept once it is asked about. */
export interface ModelPicture {
  /** What the model sees. */
  readonly pixels: ModelPixels;
  /** The size of the user's original picture: boxes are placed in it. */
  readonly size: Size;
  /** How long decoding and shrinking took. */
  readonly decodeMs: number;
}

/**
 * Shrink a picture to the model's square. Each picture gets its own turn of the event loop.
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
