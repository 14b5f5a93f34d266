import type { RgbImage } from '../../base/image.js';
import { toBlockCells, type BlockCells } from './block-cells.js';
import type { BlockSymbols } from './block-symbols.js';
import { BlockPen, type ColorDepth } from './encode-blocks.js';

/** Levels of 255 that a colour may be off before it is sent again: what video leaves between equal frames. */
const TOLERANCE = 6;

/** Draws pictures of blocks one over the other, each time only the cells that look different. */
export class BlockDifference {
  readonly #depth: ColorDepth;
  readonly #symbols: BlockSymbols;
  /** As the terminal has them. */
  #shown: BlockCells | undefined;

  constructor(depth: ColorDepth, symbols: BlockSymbols) {
    this.#depth = depth;
    this.#symbols = symbols;
  }

  /**
   * What draws the next picture, the first one whole. The cursor is at the upper left corner before, and at the start
   * of the line below afterwards.
   *
   * @param left columns of the window to the left of the picture.
   */
  draw(image: RgbImage, left = 0): string {
    const cells = toBlockCells(image, this.#symbols);
    const before = this.#shown;
    const isSame = before?.columns === cells.columns && before.rows === cells.rows;
    const pen = new BlockPen(this.#depth);
    let text = '';
    let row = 0;
    for (let y = 0; y < cells.rows; y++) {
      // Where the cursor is in this row; nowhere yet.
      let column = -1;
      for (let x = 0; x < cells.columns; x++) {
        const cell = y * cells.columns + x;
        if (isSame && looksAlike(before, cells, cell)) {
          cells.filled[cell] = before.filled[cell];
          cells.foregrounds[cell] = before.foregrounds[cell];
          cells.backgrounds[cell] = before.backgrounds[cell];
          continue;
        }
        if (row < y) text += `\u001b[${y - row}B`;
        row = y;
        if (column !== x) text += `\u001b[${left + x + 1}G`;
        text += pen.draw(cells, cell);
        column = x + 1;
      }
    }
    this.#shown = cells;
    return `${text}\u001b[0m\u001b[${cells.rows - row}E`;
  }
}

/** Whether each part of a cell has nearly the colour that it had. */
function looksAlike(before: BlockCells, after: BlockCells, cell: number): boolean {
  const [b, a] = [before.filled[cell], after.filled[cell]];
  // Bits of parts that are in the first colour in both, in one, in none.
  return (
    ((b & a) === 0 || isNear(before.foregrounds[cell], after.foregrounds[cell])) &&
    ((b & ~a) === 0 || isNear(before.foregrounds[cell], after.backgrounds[cell])) &&
    ((~b & a) === 0 || isNear(before.backgrounds[cell], after.foregrounds[cell])) &&
    isNear(before.backgrounds[cell], after.backgrounds[cell])
  );
}

function isNear(a: number, b: number): boolean {
  return (
    Math.abs((a >> 16) - (b >> 16)) <= TOLERANCE &&
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) <= TOLERANCE &&
    Math.abs((a & 255) - (b & 255)) <= TOLERANCE
  );
}
