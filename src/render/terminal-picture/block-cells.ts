import type { RgbImage } from '../../base/image.js';
import { blockCharacter, cellGrids, type BlockSymbols } from './block-symbols.js';

/** Cells of a picture, row by row: each a character in one colour on another, as 0xRRGGBB. */
export interface BlockCells {
  readonly columns: number;
  readonly rows: number;
  /** Which parts of each cell have its first colour; none of a cell that is all of one colour. */
  readonly filled: Uint8Array;
  readonly foregrounds: Uint32Array;
  readonly backgrounds: Uint32Array;
  readonly symbols: BlockSymbols;
}

/**
 * Turn pixels into cells: of all ways to part a cell's pixels in two, the one whose two mean colours are nearest to
 * them. Half blocks have two pixels, so they are exact.
 *
 * @param image as many pixels as the symbols' grid has in each cell; a row of cells that is not whole is left out.
 */
export function toBlockCells({ width, height, data }: RgbImage, symbols: BlockSymbols): BlockCells {
  const grid = cellGrids[symbols];
  const columns = Math.floor(width / grid.columns);
  const rows = Math.floor(height / grid.rows);
  const count = columns * rows;
  const cells = {
    ...{ columns, rows, symbols },
    filled: new Uint8Array(count),
    foregrounds: new Uint32Array(count),
    backgrounds: new Uint32Array(count),
  };
  const size = grid.columns * grid.rows;
  const pixels = new Uint8Array(size * 3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let y = 0; y < grid.rows; y++) {
        const from = ((row * grid.rows + y) * width + column * grid.columns) * 3;
        pixels.set(data.subarray(from, from + grid.columns * 3), y * grid.columns * 3);
      }
      const cell = row * columns + column;
      const filled = partPixels(pixels, size);
      cells.filled[cell] = filled;
      cells.backgrounds[cell] = meanColor(pixels, size, filled, 0);
      cells.foregrounds[cell] = filled === 0 ? 0 : meanColor(pixels, size, filled, 1);
    }
  }
  return cells;
}

/** The character of a cell. */
export function characterAt({ filled, symbols }: BlockCells, cell: number): string {
  return blockCharacter(filled[cell], symbols);
}

/**
 * Which pixels get the first colour, the first pixel among them; 0 when all are equal. The squared error is least where
 * the squared sums of both parts, over their sizes, are greatest.
 */
function partPixels(pixels: Uint8Array, size: number): number {
  let isPlain = true;
  let [red, green, blue] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    const at = i * 3;
    red += pixels[at];
    green += pixels[at + 1];
    blue += pixels[at + 2];
    isPlain &&= pixels[at] === pixels[0] && pixels[at + 1] === pixels[1] && pixels[at + 2] === pixels[2];
  }
  if (isPlain) return 0;
  let best = 0;
  let bestWorth = -1;
  // The last pixel is never in the first part: the other half of the ways are these with the colours exchanged.
  for (let mask = 1; mask < 1 << (size - 1); mask++) {
    let [count, r, g, b] = [0, 0, 0, 0];
    for (let i = 0; i < size - 1; i++) {
      if (((mask >> i) & 1) === 0) continue;
      count++;
      r += pixels[i * 3];
      g += pixels[i * 3 + 1];
      b += pixels[i * 3 + 2];
    }
    const rest = size - count;
    const worth =
      (r * r + g * g + b * b) / count + ((red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2) / rest;
    if (worth > bestWorth) [best, bestWorth] = [mask, worth];
  }
  return best;
}

function meanColor(pixels: Uint8Array, size: number, filled: number, bit: 0 | 1): number {
  let [count, r, g, b] = [0, 0, 0, 0];
  for (let i = 0; i < size; i++) {
    if (((filled >> i) & 1) !== bit) continue;
    count++;
    r += pixels[i * 3];
    g += pixels[i * 3 + 1];
    b += pixels[i * 3 + 2];
  }
  if (count === 0) return 0;
  return (Math.round(r / count) << 16) | (Math.round(g / count) << 8) | Math.round(b / count);
}
