import sharp from 'sharp';
import type { RgbImage } from '../../base/image.js';

/**
 * A smaller copy for showing, its shape kept; the same picture when it is small already. The work is done beside
 * the event loop, by libvips: its pixels are close to the reference's filter, and not for the model.
 *
 * @param sidePixels the longer side's at most.
 */
export async function shrinkImage(image: RgbImage, sidePixels: number): Promise<RgbImage> {
  const { width, height, data } = image;
  if (Math.max(width, height) <= sidePixels) return image;
  const { data: small, info } = await sharp(data, {
    raw: { width, height, channels: 3 },
    limitInputPixels: false,
  })
    .resize({ width: sidePixels, height: sidePixels, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(small.buffer, small.byteOffset, small.length),
  };
}
