import type { RgbImage } from '../../base/image.js';
import type { Color } from '../../image/draw/render-text.js';
import { characterAt, toBlockCells, type BlockCells } from './block-cells.js';
import type { BlockSymbols } from './block-symbols.js';

/** How many colours the terminal has. */
export type ColorDepth = '24-bit' | '256';

/** Levels of each channel in the cube of 216 colours, as terminals mix them. */
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255];
/** The cube begins at colour 16, the 24 grays (8, 18, ... 238) at 232. */
const FIRST_CUBE = 16;
const FIRST_GRAY = 232;

/**
 * Draw with blocks: characters that fill a part of their cell with one colour and leave the rest to another.
 *
 * @param image as many pixels in each cell as the symbols have parts: half blocks one for each column, two for each
 * row.
 * @returns one line for each row, each ending in plain colours and a line feed.
 */
export function encodeBlocks(image: RgbImage, depth: ColorDepth, symbols: BlockSymbols = 'half'): string {
  const cells = toBlockCells(image, symbols);
  let text = '';
  for (let row = 0; row < cells.rows; row++) {
    const pen = new BlockPen(depth);
    for (let column = 0; column < cells.columns; column++)
      text += pen.draw(cells, row * cells.columns + column);
    text += '\u001b[0m\n';
  }
  return text;
}

/** Writes cells one after the other, and says colours only where they change. */
export class BlockPen {
  readonly #depth: ColorDepth;
  #foreground = -1;
  #background = -1;

  constructor(depth: ColorDepth) {
    this.#depth = depth;
  }

  draw(cells: BlockCells, cell: number): string {
    const background = cells.backgrounds[cell];
    // A cell of one colour needs no other.
    const foreground = cells.filled[cell] === 0 ? this.#foreground : cells.foregrounds[cell];
    const colors = [
      ...(foreground === this.#foreground ? [] : [`38;${this.#encode(foreground)}`]),
      ...(background === this.#background ? [] : [`48;${this.#encode(background)}`]),
    ];
    this.#foreground = foreground;
    this.#background = background;
    return `${colors.length === 0 ? '' : `\u001b[${colors.join(';')}m`}${characterAt(cells, cell)}`;
  }

  #encode(color: number): string {
    return encodeColor([color >> 16, (color >> 8) & 255, color & 255], this.#depth);
  }
}

/** A colour as it follows `38;` or `48;` in an escape sequence. */
export function encodeColor(color: Color, depth: ColorDepth): string {
  return depth === '24-bit' ? `2;${color.join(';')}` : `5;${nearestIndex(color)}`;
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
