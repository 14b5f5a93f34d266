import type { RgbImage } from '../../base/image.js';
import { reduceColors } from './reduce-colors.js';
import { SixelBand } from './sixel-band.js';

/** Colour registers that nearly every sixel terminal has. */
const MAX_COLORS = 256;

/**
 * Encode a picture as sixel (DEC STD 070), in at most 256 colours, or fewer. Band by band, and in each band colour by
 * colour: runs of characters that each stand for six pixels under one another.
 *
 * @param maxColors fewer are quicker to make and to send.
 */
export function encodeSixel(image: RgbImage, maxColors = MAX_COLORS): string {
  const { width, height } = image;
  const { palette, indexes } = reduceColors(image, maxColors);
  // Sixel says colours in percent.
  const registers = palette.map(
    (color, i) => `#${i};2;${color.map((value) => Math.round((value / 255) * 100)).join(';')}`,
  );
  const band = new SixelBand(width, palette.length);
  const bands: string[] = [];
  for (let top = 0; top < height; top += SixelBand.rows) {
    bands.push(band.encode(indexes.subarray(top * width, (top + SixelBand.rows) * width)));
  }
  // 1 in the second place: pixels that no colour sets, which there are none of, would stay as they are.
  return `\u001bP0;1q"1;1;${width};${height}${registers.join('')}${bands.join('-')}\u001b\\`;
}
