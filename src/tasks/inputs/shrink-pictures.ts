import type { RgbImage } from '../../base/image.js';
import { cutTile, layoutTiles, type Tile } from './cut-tiles.js';
import type { DecodedPicture } from './decode-pictures.js';
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
  return { pictures, tiles: await shrinkTiles(decoded[0].image, side, tileCount) };
}

/** Tiles of a picture, this many along its longer side, as the model sees them. */
export async function shrinkTiles(
  image: RgbImage,
  side: number,
  tileCount: number,
): Promise<readonly TilePicture[]> {
  const cut = async (tile: Tile): Promise<TilePicture> => {
    // Decoding time is counted only once.
    const picture = await toModelPicture({ image: cutTile(image, tile), decodeMs: 0 }, side);
    return { tile, picture };
  };
  return Promise.all(layoutTiles(image, tileCount).map(cut));
}
