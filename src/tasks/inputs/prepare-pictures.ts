import type { RgbImage } from '../../base/image.js';
import type { Engine } from '../../engine/engine.js';
import { cutTile, layoutTiles, type Tile } from './cut-tiles.js';
import { decodePictures, type DecodedPicture } from './decode-pictures.js';
import type { RunOptions } from './run-options.js';
import type { TaskInput } from './task-input.js';
import { toModelPicture, type ModelPicture } from './to-model-picture.js';

/** What one prompt, or the prompts of one input, are about. */
export interface PromptPictures {
  /** In prompt order, at least one. Boxes of the answer are placed in the first. */
  readonly pictures: readonly ModelPicture[];
  /** Parts of the first picture to ask about as well; none when absent. */
  readonly tiles?: readonly TilePicture[];
}

/** A part of a picture, which the model sees enlarged. */
export interface TilePicture {
  readonly tile: Tile;
  readonly picture: ModelPicture;
}

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
  { tiles, keepsImages, signal }: RunOptions,
): Promise<PromptPictures & { readonly image?: RgbImage }> {
  const decoded = await decodePictures(input, signal);
  signal.throwIfAborted();
  const prepared = await shrinkPictures(decoded, await engine.findImageSize(), tiles);
  return { ...prepared, ...(keepsImages && { image: decoded[0].image }) };
}

/**
 * Pictures as the model sees them, and tiles of the first.
 * @param side of the model's square, in pixels.
 * @param tileCount tiles along the longer side of the picture; 1 for none.
 */
export async function shrinkPictures(
  decoded: readonly DecodedPicture[],
  side: number,
  tileCount: number = 1,
): Promise<PromptPictures> {
  const pictures = await Promise.all(decoded.map((picture) => toModelPicture(picture, side)));
  if (tileCount === 1) return { pictures };
  const [{ image }] = decoded;
  const cut = async (tile: Tile): Promise<TilePicture> => {
    // Decoding time is counted only once.
    const picture = await toModelPicture({ image: cutTile(image, tile), decodeMs: 0 }, side);
    return { tile, picture };
  };
  return { pictures, tiles: await Promise.all(layoutTiles(image, tileCount).map(cut)) };
}
