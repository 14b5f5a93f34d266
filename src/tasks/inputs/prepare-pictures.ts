import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import type { Engine } from '../../engine/engine.js';
import { resizeForModel } from '../../image/resize/resize-for-model.js';
import { decodePictures, type DecodedPicture } from './decode-pictures.js';
import type { RunOptions } from './run-options.js';
import type { TaskInput } from './task-input.js';

/** An input's pictures, ready to be asked about. */
export interface PreparedPictures {
  /** In the size that the model takes, unless tiles will be cut from them. */
  readonly pictures: readonly DecodedPicture[];
  /** Of the first picture as the user has it. */
  readonly size: Size;
  /** The same, where the pictures have been shrunk. */
  readonly shownSize?: Size;
  /** The first picture as the user has it, where `keepsImages` is set. */
  readonly image?: RgbImage;
}

/**
 * Decode an input's pictures and shrink them for the model. A photo of 12 megapixels is 36 MB, which is let go here,
 * before the picture waits for its answer.
 *
 * @throws what decodePictures and the engine's `load` throw.
 */
export async function preparePictures(
  input: TaskInput,
  engine: Engine,
  { tiles = 1, keepsImages, signal }: RunOptions,
): Promise<PreparedPictures> {
  const decoded = await decodePictures(input, signal);
  signal.throwIfAborted();
  const imageSize = await engine.findImageSize();
  const { image } = decoded[0];
  const size = { width: image.width, height: image.height };
  const kept = keepsImages ? { image } : {};
  if (tiles > 1) return { pictures: decoded, size, ...kept };
  const pictures = await Promise.all(decoded.map((one) => shrinkPicture(one, imageSize)));
  return { pictures, size, shownSize: size, ...kept };
}

async function shrinkPicture(
  { image, decodeMs }: DecodedPicture,
  imageSize: number,
): Promise<DecodedPicture> {
  const startedAt = performance.now();
  const { side, data } = await resizeForModel(image, imageSize);
  return { image: { width: side, height: side, data }, decodeMs: decodeMs + performance.now() - startedAt };
}
