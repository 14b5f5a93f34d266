import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { BlockDifference } from './block-difference.js';
import { cellGrids, type CellGrid } from './block-symbols.js';
import type { ProtocolChoice } from './choose-protocol.js';
import { encodeAscii } from './encode-ascii.js';
import { encodeIterm2 } from './encode-iterm2.js';
import { encodeRawKitty, removeKitty } from './encode-kitty.js';
import { encodeSixel } from './encode-sixel.js';
import { fitPicture, type FittedPicture, type PictureSpace } from './fit-picture.js';

/** What moves must be sent many times a second: at most this many pixels of it, as many as 100 x 34 cells have. */
const MAX_PIXELS = 440_000;
/** Where the terminal scales, a small picture is shown at most this many times as large. */
const ENLARGED = 8;
/** Of a frame in sixel: half of the bytes of 256. */
const SIXEL_COLORS = 64;
const SAVE_CURSOR = '\u001b7';
const RESTORE_CURSOR = '\u001b8';

const compress = promisify(deflate);

/** Where a moving picture is drawn, and in how many pixels. */
export interface MovingSize {
  readonly columns: number;
  readonly rows: number;
  /** Pixels of the pictures to draw. */
  readonly canvas: Size;
}

/**
 * How a terminal draws what moves. Through tmux it is blocks: it hands on pictures, but late, and shows through them.
 */
export function chooseMoving(choice: ProtocolChoice): ProtocolChoice {
  const isBlocks = /^(?:blocks|ascii)/.test(choice.protocol);
  return choice.isInTmux && !isBlocks ? { protocol: 'blocks', isInTmux: true, symbols: 'quadrants' } : choice;
}

/** The largest size in this room that keeps the picture's shape. */
export function fitMoving(
  picture: Size,
  { protocol, symbols = 'half' }: ProtocolChoice,
  space: PictureSpace,
): MovingSize {
  const grid = gridOf(protocol, symbols);
  if (grid !== undefined) {
    const { columns, rows } = fitPicture(picture, { ...space, cellPixels: { width: 1, height: 2 } });
    return { columns, rows, canvas: { width: columns * grid.columns, height: rows * grid.rows } };
  }
  const { columns, rows, width, height } = fitPicture(picture, space);
  // Sixel has no other size than its pixels'.
  if (protocol === 'sixel') return { columns, rows, canvas: { width, height } };
  // The terminal enlarges what is small, and what was made small to be sent.
  const large = fitPicture({ width: picture.width * ENLARGED, height: picture.height * ENLARGED }, space);
  const shrink = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
  return {
    ...{ columns: large.columns, rows: large.rows },
    canvas: { width: Math.round(width * shrink), height: Math.round(height * shrink) },
  };
}

function gridOf(protocol: ProtocolChoice['protocol'], symbols: keyof typeof cellGrids): CellGrid | undefined {
  if (protocol === 'ascii') return cellGrids.half;
  return protocol === 'blocks' || protocol === 'blocks-256' ? cellGrids[symbols] : undefined;
}

/**
 * Draws pictures one after the other in one place of a terminal, without flicker: blocks only where they changed,
 * kitty's pictures before the one below them is taken away, the others over it.
 */
export class MovingPicture {
  readonly #choice: ProtocolChoice;
  readonly #size: MovingSize;
  readonly #blocks: BlockDifference;
  /** Two numbers that no other picture has, in turns. */
  readonly #ids: readonly [number, number];
  #shown: number | undefined;

  /** @param firstId kitty alone: this number and the next one are this picture's. */
  constructor(choice: ProtocolChoice, size: MovingSize, firstId: number) {
    this.#choice = choice;
    this.#size = size;
    this.#ids = [firstId, firstId + 1];
    this.#blocks = new BlockDifference(
      choice.protocol === 'blocks-256' ? '256' : '24-bit',
      choice.symbols ?? 'half',
    );
  }

  /**
   * What draws the next picture. The cursor is at the upper left corner of its place before, and at the start of the
   * line below it afterwards.
   *
   * @param image of the canvas' size.
   * @param left columns of the window to the left of the place.
   */
  async draw(image: RgbImage, left = 0): Promise<string> {
    const { rows } = this.#size;
    switch (this.#choice.protocol) {
      case 'blocks':
      case 'blocks-256':
        return this.#blocks.draw(image, left);
      case 'ascii':
        return encodeAscii(image)
          .trimEnd()
          .split('\n')
          .concat(Array<string>(rows).fill(''))
          .slice(0, rows)
          .map((line) => `\u001b[${left + 1}G${line.padEnd(this.#size.columns)}\u001b[E`)
          .join('');
      case 'kitty':
      case 'kitty-cells':
      case 'iterm2':
      case 'sixel':
        return `${SAVE_CURSOR}${await this.#encode(image)}${RESTORE_CURSOR}\u001b[${rows}E`;
    }
  }

  /** What takes the picture away where it isn't text. */
  remove(): string {
    const shown = this.#shown;
    this.#shown = undefined;
    return shown === undefined ? '' : removeKitty(shown);
  }

  async #encode(image: RgbImage): Promise<string> {
    if (this.#choice.protocol === 'sixel') return encodeSixel(image, SIXEL_COLORS);
    const fitted: FittedPicture = { ...image, ...this.#size, fillsHeight: false };
    if (this.#choice.protocol === 'iterm2') return encodeIterm2(await encodeImage(image, 'jpeg'), fitted);
    const before = this.#shown;
    const id = this.#ids[before === this.#ids[0] ? 1 : 0];
    this.#shown = id;
    const packed = await compress(image.data, { level: 1 });
    return encodeRawKitty(packed, image, fitted, id) + (before === undefined ? '' : removeKitty(before));
  }
}
