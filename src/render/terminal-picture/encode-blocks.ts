import type { RgbImage } from '../../base/image.js';
import type { Color } from '../../image/draw/render-text.js';

/** How many colours the terminal has. */
export type ColorDepth = '24-bit' | '256';

/** Levels of each channel in the cube of 216 colours, as terminals mix them. */
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255];
/** The cube begins at colour 16, the 24 grays (8, 18, ... 238) at 232. */
const FIRST_CUBE = 16;
const FIRST_GRAY = 232;

/**
 * Draw with upper half blocks, two pixels a cell: the character's colour above, its background below.
 *
 * @param image a pixel wide for each column, two high for each row.
 * @returns one line for each row, each ending in plain colours and a line feed.
 */
export function encodeBlocks(image: RgbImage, depth: ColorDepth): string {
  const { width, height, data } = image;
  const encodeColor = depth === '24-bit' ? (color: Color): string => `2;${color.join(';')}` : toIndexed;
  const pixel = (x: number, y: number): Color => {
    const from = (y * width + x) * 3;
    return [data[from], data[from + 1], data[from + 2]];
  };
  let text = '';
  for (let y = 0; y + 1 < height; y += 2) {
    let last = '';
    for (let x = 0; x < width; x++) {
      const style = `\u001b[38;${encodeColor(pixel(x, y))};48;${encodeColor(pixel(x, y + 1))}m`;
      text += style === last ? '▀' : `${style}▀`;
      last = style;
    }
    text += '\u001b[0m\n';
  }
  return text;
}

function toIndexed(color: Color): string {
  return `5;${nearestIndex(color)}`;
}

/** The nearest of the cube and the grays; the first 16 colours are up to the user and cannot be relied on. */
function nearestIndex(color: Color): number {
  const levels = color.map((value) => indexOfNearest(CUBE_LEVELS, value));
  const cube = levels.map((level) => CUBE_LEVELS[level]);
  const mean = (color[0] + color[1] + color[2]) / 3;
  const gray = Math.max(0, Math.min(23, Math.round((mean - 8) / 10)));
  const grayLevel = 8 + 10 * gray;
  return distance(color, [grayLevel, grayLevel, grayLevel]) < distance(color, cube)
    ? FIRST_GRAY + gray
    : FIRST_CUBE + levels[0] * 36 + levels[1] * 6 + levels[2];
}

function indexOfNearest(values: readonly number[], value: number): number {
  const distances = values.map((other) => Math.abs(other - value));
  return distances.indexOf(Math.min(...distances));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}
