import type { RgbImage } from '../../base/image.js';
import { scaleToSide } from './scale-to-side.js';

/**
 * A smaller copy for showing, its shape kept; the same picture when it is small already.
 *
 * @param sidePixels the longer side's at most.
 */
export async function shrinkImage(image: RgbImage, sidePixels: number): Promise<RgbImage> {
  return Math.max(image.width, image.height) <= sidePixels ? image : scaleToSide(image, sidePixels);
}
