import type { RgbImage } from '../../base/image.js';
import type { Engine } from '../../engine/engine.js';
import { prepareRemotely } from './prepare-remotely.js';
import type { RunOptions } from './run-options.js';
import type { PromptPictures } from './shrink-pictures.js';
import type { TaskInput } from './task-input.js';

/**
 * Decode an input's pictures and shrink them for the model. A 12-megapixel photo takes 36 MB, which is released here,
 * before the picture waits for its answer.
 *
 * @returns with `image`, the user's original first picture, if `keepsImages` is set.
 * @throws what decodePictures and the engine's `load` throw.
 */
export async function preparePictures(
  input: TaskInput,
  engine: Engine,
  options: RunOptions,
): Promise<PromptPictures & { readonly image?: RgbImage }> {
  const { tiles, keepsImages, signal } = options;
  const ready = await prepareRemotely(input, engine, options);
  if (ready !== undefined) return { pictures: [ready] };
  // The decoder is loaded once it is needed.
  const { decodePictures } = await import('./decode-pictures.js');
  const { shrinkPictures } = await import('./shrink-pictures.js');
  const decoded = await decodePictures(input, signal);
  signal.throwIfAborted();
  const prepared = await shrinkPictures(decoded, await engine.findImageSize(), tiles);
  return { ...prepared, ...(keepsImages && { image: decoded[0].image }) };
}
