import { randomInt } from 'node:crypto';
import type { RgbImage } from '../../base/image.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import type { ProtocolChoice } from './choose-protocol.js';
import { encodeAscii } from './encode-ascii.js';
import { encodeBlocks } from './encode-blocks.js';
import { encodeIterm2 } from './encode-iterm2.js';
import { encodeKitty, encodeKittyCells, MAX_CELLS, MAX_IMAGE_ID } from './encode-kitty.js';
import { encodeSixel } from './encode-sixel.js';
import { DEFAULT_CELL_PIXELS, fitPicture, type FittedPicture, type PictureSpace } from './fit-picture.js';

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
  { protocol, isInTmux }: ProtocolChoice,
  space: PictureSpace,
  imageId = randomInt(1, MAX_IMAGE_ID + 1),
): Promise<string> {
  const wrap = isInTmux ? wrapForTmux : (sequence: string): string => sequence;
  switch (protocol) {
    case 'kitty': {
      const fitted = fitPicture(image, space);
      return `${encodeKitty(await encodePng(image, fitted), fitted)}\n`;
    }
    case 'kitty-cells': {
      const columns = Math.min(space.columns, MAX_CELLS);
      const fitted = fitPicture(image, { ...space, columns, rows: Math.min(space.rows, MAX_CELLS) });
      return encodeKittyCells(await encodePng(image, fitted), fitted, imageId, wrap);
    }
    case 'iterm2': {
      const fitted = fitPicture(image, space);
      return `${wrap(encodeIterm2(await encodePng(image, fitted), fitted))}\n`;
    }
    case 'sixel': {
      const { width, height } = fitPicture(image, space);
      return `${wrap(encodeSixel(resizeBicubic(image, width, height)))}\n`;
    }
    case 'blocks':
    case 'blocks-256':
      return encodeBlocks(resizeToHalfCells(image, space), protocol === 'blocks' ? '24-bit' : '256');
    case 'ascii':
      return encodeAscii(resizeToHalfCells(image, space));
  }
}

async function encodePng(image: RgbImage, fitted: FittedPicture): Promise<Uint8Array> {
  const scale = Math.min(DETAIL, image.width / fitted.width, image.height / fitted.height);
  const width = Math.max(1, Math.round(fitted.width * scale));
  const height = Math.max(1, Math.round(fitted.height * scale));
  return encodeImage(resizeBicubic(image, width, height), 'png');
}

/** A pixel for each upper and lower half of a cell, the shape kept for the cell's real proportions. */
function resizeToHalfCells(image: RgbImage, { columns, rows, cellPixels }: PictureSpace): RgbImage {
  const { width, height } = cellPixels ?? DEFAULT_CELL_PIXELS;
  const fitted = fitPicture(image, { columns, rows, cellPixels: { width: 1, height: height / width } });
  return resizeBicubic(image, fitted.columns, fitted.rows * 2);
}

/** An escape sequence that tmux passes on to the terminal around it, when `allow-passthrough` is on. */
function wrapForTmux(sequence: string): string {
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
}
