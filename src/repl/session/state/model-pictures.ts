import type { RgbImage } from '../../../base/image.js';
import type { DecodedPicture } from '../../../tasks/inputs/decode-pictures.js';
import { toModelPicture, type ModelPicture } from '../../../tasks/inputs/to-model-picture.js';

/** What the model sees of a session's pictures, so that many prompts about one shrink it once. */
export class ModelPictures {
  readonly #known = new WeakMap<RgbImage, { readonly side: number; readonly picture: ModelPicture }>();

  /**
   * @param side of the model's square, pixels; another one after the model was changed.
   * @throws {InputError} the picture has no pixels.
   */
  async shrink(picture: DecodedPicture, side: number): Promise<ModelPicture> {
    const known = this.#known.get(picture.image);
    if (known?.side === side) return known.picture;
    const shrunk = await toModelPicture(picture, side);
    this.#known.set(picture.image, { side, picture: shrunk });
    return shrunk;
  }
}
