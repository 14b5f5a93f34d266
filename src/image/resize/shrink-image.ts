import sharp from 'sharp';
import type { RgbImage } from '../../base/image.js';

/**
 * A smaller copy for showing, its shape kept; the same picture when it is small already. libvips does the work off
 * the event loop: its pixels are close to the reference's filter, but not meant for the model.
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
