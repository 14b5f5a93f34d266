import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import { cellGrids } from '../terminal-picture/block-symbols.js';
import type { ProtocolChoice } from '../terminal-picture/choose-protocol.js';
import { encodeAscii } from '../terminal-picture/encode-ascii.js';
import { encodeBlocks, type ColorDepth } from '../terminal-picture/encode-blocks.js';
import { encodeTerminalPicture, pixelsToSend } from '../terminal-picture/encode-terminal-picture.js';
import { fitPicture, type PictureSpace } from '../terminal-picture/fit-picture.js';
import { fitBlocks } from './fit-blocks.js';
import { drawDetections } from './overlay.js';
import { scaleDetections } from './scale-detections.js';
import { drawSmallOverlay } from './small-overlay.js';

/** What is on a picture. */
export interface Findings {
  readonly detections: readonly Detection[];
  /** The picture that they are placed in. */
  readonly size: Size;
  /** Labels that get their colours before those of the detections: of other pictures with the same objects. */
  readonly labels?: readonly string[];
}

/** A picture as a terminal draws it. */
export interface DrawnPicture {
  readonly columns: number;
  readonly rows: number;
  /** What draws it at the cursor, which should be at the start of a line; ends at the start of the line below. */
  readonly text: string;
  /** The text is plain rows of characters; otherwise a sequence that only the terminal understands. */
  readonly isText: boolean;
}

/** The colours of blocks; undefined for other ways to draw. */
export function blockDepth({ protocol }: ProtocolChoice): ColorDepth | undefined {
  return protocol === 'blocks' ? '24-bit' : protocol === 'blocks-256' ? '256' : undefined;
}

/**
 * Draw a picture with what was found on it, for a terminal. What was found is drawn last, at the size that is shown, so
 * that its lines stay crisp: lines between the cells' parts where blocks are drawn, with labels where pixels are.
 *
 * @param image of any size; it may be smaller than `size`.
 */
export async function drawForTerminal(
  image: RgbImage,
  { detections, size, labels }: Findings,
  choice: ProtocolChoice,
  space: PictureSpace,
): Promise<DrawnPicture> {
  const depth = blockDepth(choice);
  const { protocol, symbols = 'half' } = choice;
  if (depth !== undefined || protocol === 'ascii') {
    const made = depth === undefined ? 'half' : symbols;
    const canvas = drawSmallOverlay(fitBlocks(image, space, made), detections, size, { labels });
    const grid = cellGrids[made];
    const text = depth === undefined ? encodeAscii(canvas) : encodeBlocks(canvas, depth, made);
    return { columns: canvas.width / grid.columns, rows: canvas.height / grid.rows, text, isText: true };
  }
  const { columns, rows } = fitPicture(image, space);
  const pixels = pixelsToSend(image, choice, space);
  const small = resizeBicubic(image, pixels.width, pixels.height);
  const scaled = scaleDetections(detections, size, small);
  const drawn = scaled.length === 0 ? small : await drawDetections(small, scaled);
  return {
    columns,
    rows,
    text: await encodeTerminalPicture(drawn, choice, { columns, rows }),
    isText: false,
  };
}
