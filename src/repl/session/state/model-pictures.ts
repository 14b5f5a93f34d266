import type { RgbImage } from '../../../base/image.js';
import type { DecodedPicture } from '../../../tasks/inputs/decode-pictures.js';
import { toModelPicture, type ModelPicture } from '../../../tasks/inputs/to-model-picture.js';

/** A session's pictures at the model's size, so that each is shrunk only once for many prompts. */
export class ModelPictures {
  readonly #known = new WeakMap<RgbImage, { readonly side: number; readonly picture: ModelPicture }>();

  /**
   * @param side of the model's square, pixels; differs once the model has been changed.
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
