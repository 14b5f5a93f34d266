import type { RgbImage } from '../../base/image.js';
import { loadSharp } from '../load-sharp.js';

/**
 * A copy for showing, its shape kept, larger or smaller. libvips does the work off the event loop: its pixels are close
 * to the reference's filter, but not meant for the model.
 *
 * @param sidePixels the longer side.
 */
export async function scaleToSide({ width, height, data }: RgbImage, sidePixels: number): Promise<RgbImage> {
  const picture = loadSharp()(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  const { data: scaled, info } = await picture
    .resize({ width: sidePixels, height: sidePixels, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(scaled.buffer, scaled.byteOffset, scaled.length),
  };
}
