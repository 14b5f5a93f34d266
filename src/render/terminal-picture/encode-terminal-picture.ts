import { randomInt } from 'node:crypto';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import type { ProtocolChoice } from './choose-protocol.js';
import { encodeAscii } from './encode-ascii.js';
import { encodeBlocks } from './encode-blocks.js';
import { encodeIterm2 } from './encode-iterm2.js';
import { encodeKitty, encodeKittyCells, MAX_CELLS, MAX_IMAGE_ID } from './encode-kitty.js';
import { encodeSixel } from './encode-sixel.js';
import { cellGrids, type CellGrid } from './block-symbols.js';
import { DEFAULT_CELL_PIXELS, fitPicture, type PictureSpace } from './fit-picture.js';

/** Terminals that scale pictures themselves get this many times the pixels: many screens have them. */
const DETAIL = 2;

/**
 * A picture as the text that makes a terminal draw it, at the cursor, which should be at the start of a line; at
 * its end the cursor is at the start of the line below.
 *
 * @param imageId kitty alone: two pictures on one screen need different ones; by chance when absent.
 */
export async function encodeTerminalPicture(
  image: RgbImage,
  choice: ProtocolChoice,
  space: PictureSpace,
  imageId = randomInt(1, MAX_IMAGE_ID + 1),
): Promise<string> {
  const { protocol, isInTmux, symbols = 'half' } = choice;
  const wrap = isInTmux ? wrapForTmux : (sequence: string): string => sequence;
  switch (protocol) {
    case 'kitty': {
      return `${encodeKitty(await encodePng(image, choice, space), fitPicture(image, space))}\n`;
    }
    case 'kitty-cells': {
      const fitted = fitPicture(image, numberedCells(space));
      return encodeKittyCells(await encodePng(image, choice, space), fitted, imageId, wrap);
    }
    case 'iterm2': {
      const png = await encodePng(image, choice, space);
      return `${wrap(encodeIterm2(png, fitPicture(image, space)))}\n`;
    }
    case 'sixel': {
      const { width, height } = pixelsToSend(image, choice, space);
      return `${wrap(encodeSixel(resizeBicubic(image, width, height)))}\n`;
    }
    case 'blocks':
    case 'blocks-256':
      return encodeBlocks(
        resizeToCells(image, space, cellGrids[symbols]),
        protocol === 'blocks' ? '24-bit' : '256',
        symbols,
      );
    case 'ascii':
      return encodeAscii(resizeToCells(image, space, cellGrids.half));
  }
}

/** The pixels that are sent of a picture of this size, where pixels are sent. */
export function pixelsToSend(picture: Size, { protocol }: ProtocolChoice, space: PictureSpace): Size {
  const fitted = fitPicture(picture, protocol === 'kitty-cells' ? numberedCells(space) : space);
  const detail = protocol === 'sixel' ? 1 : DETAIL;
  const scale = Math.min(detail, picture.width / fitted.width, picture.height / fitted.height);
  return {
    width: Math.max(1, Math.round(fitted.width * scale)),
    height: Math.max(1, Math.round(fitted.height * scale)),
  };
}

/** As many cells as kitty's marks can number. */
function numberedCells(space: PictureSpace): PictureSpace {
  return {
    ...space,
    columns: Math.min(space.columns, MAX_CELLS),
    rows: Math.min(space.rows, MAX_CELLS),
  };
}

async function encodePng(image: RgbImage, choice: ProtocolChoice, space: PictureSpace): Promise<Uint8Array> {
  const { width, height } = pixelsToSend(image, choice, space);
  return encodeImage(resizeBicubic(image, width, height), 'png');
}

/** A pixel for each part of a cell, the shape kept for the cell's real proportions. */
function resizeToCells(
  image: RgbImage,
  { columns, rows, cellPixels }: PictureSpace,
  grid: CellGrid,
): RgbImage {
  const { width, height } = cellPixels ?? DEFAULT_CELL_PIXELS;
  const fitted = fitPicture(image, { columns, rows, cellPixels: { width: 1, height: height / width } });
  return resizeBicubic(image, fitted.columns * grid.columns, fitted.rows * grid.rows);
}

/** An escape sequence that tmux passes on to the terminal around it, when `allow-passthrough` is on. */
function wrapForTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
}
