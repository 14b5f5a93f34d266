import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';

/** Longer side of a picture within a page, pixels. */
const SIDE = 1024;
const QUALITY = 80;

/** A picture as a data URI of about 100 kB, for pages that are one file. */
export async function embedPicture(image: RgbImage): Promise<string> {
  const small = await encodeImage(await shrinkImage(image, SIDE), 'jpeg', QUALITY);
  return `data:image/jpeg;base64,${Buffer.from(small).toString('base64')}`;
}
