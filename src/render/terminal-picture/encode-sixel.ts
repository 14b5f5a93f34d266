import type { RgbImage } from '../../base/image.js';
import { reduceColors } from './reduce-colors.js';

/** Colour registers that nearly every sixel terminal has. */
const MAX_COLORS = 256;
/** Rows of pixels in one band: a character has a bit for each. */
const BAND_ROWS = 6;
/** The character of no pixels. */
const FIRST_CHARACTER = 63;

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
  const bands: string[] = [];
  for (let top = 0; top < height; top += BAND_ROWS) {
    bands.push(encodeBand(indexes.subarray(top * width, (top + BAND_ROWS) * width), width));
  }
  // 1 in the second place: pixels that no colour sets, which there are none of, would stay as they are.
  return `\u001bP0;1q"1;1;${width};${height}${registers.join('')}${bands.join('-')}\u001b\\`;
}

/** @param indexes of the band's pixels, up to six rows. */
function encodeBand(indexes: Uint8Array, width: number): string {
  const columnsOf: (Uint8Array | undefined)[] = [];
  for (let row = 0; row * width < indexes.length; row++) {
    const bit = 1 << row;
    for (let x = 0; x < width; x++) {
      const color = indexes[row * width + x];
      (columnsOf[color] ??= new Uint8Array(width))[x] |= bit;
    }
  }
  return columnsOf
    .flatMap((columns, color) => (columns === undefined ? [] : [`#${color}${encodeRuns(columns)}`]))
    .join('$');
}

/** Four or more equal characters are shorter as a count; blank ones at the end are left out. */
function encodeRuns(columns: Uint8Array): string {
  let text = '';
  for (let start = 0; start < columns.length;) {
    let end = start + 1;
    while (end < columns.length && columns[end] === columns[start]) end++;
    if (end === columns.length && columns[start] === 0) break;
    const character = String.fromCharCode(FIRST_CHARACTER + columns[start]);
    text += end - start > 3 ? `!${end - start}${character}` : character.repeat(end - start);
    start = end;
  }
  return text;
}
