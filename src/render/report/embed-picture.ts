import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';

/** Longer side of a picture within a page, pixels. */
const SIDE = 1024;
const QUALITY = 80;

/** A picture as a data URI of about 100 kB, for pages that are one file. */
export async function embedPicture(image: RgbImage): Promise<string> {
  const small = await shrinkToJpeg(image, SIDE, QUALITY);
  return `data:image/jpeg;base64,${Buffer.from(small).toString('base64')}`;
}

/**
 * A smaller copy as JPEG.
 * @param side the longer side's at most, pixels.
 * @param quality 0..100.
 */
export async function shrinkToJpeg(image: RgbImage, side: number, quality: number): Promise<Uint8Array> {
  return encodeImage(await shrinkImage(image, side), 'jpeg', quality);
}
