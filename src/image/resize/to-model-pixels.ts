import type { ModelPixels, RgbImage } from '../../base/image.js';
import { resizeBicubic } from './resize-bicubic.js';

/**
 * Stretch a picture to the model's square, as Pillow's bicubic filter does. It is not letterboxed: boxes map
 * back by width and height alone.
 *
 * @param side 224, 448 or 896 pixels, from the checkpoint's preprocessor_config.json.
 * @throws {InputError} the picture has no pixels.
 */
export function toModelPixels(image: RgbImage, side: number): ModelPixels {
  return { side, data: resizeBicubic(image, side, side).data };
}
