import type { Detection } from '../base/detection.js';
import { drawDetections } from '../render/overlay.js';
import { scaleDetections } from '../render/scale-detections.js';
import { drawSmallOverlay } from '../render/small-overlay.js';
import type { ProtocolChoice } from '../render/terminal-picture/choose-protocol.js';
import { encodeBlocks } from '../render/terminal-picture/encode-blocks.js';
import { encodeTerminalPicture } from '../render/terminal-picture/encode-terminal-picture.js';
import { fitPicture } from '../render/terminal-picture/fit-picture.js';
import { fitHalfBlocks } from './fit-half-blocks.js';
import type { OpenPicture, ShownPicture } from './session-state.js';

/** Most that a picture takes of a window: it leaves room for what is said about it. */
const MAX_COLUMNS = 40;
const MAX_ROWS = 12;
/** Below this a picture is a smudge. */
const MIN_WINDOW_COLUMNS = 24;
const MIN_WINDOW_ROWS = 8;
/** From the left edge. */
export const PICTURE_INDENT = 2;

/** A terminal's window. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** The room that a finished picture may take; undefined when the window is too small for one. */
export function pictureSpace({ columns, rows }: WindowSize): WindowSize | undefined {
  if (columns < MIN_WINDOW_COLUMNS || rows < MIN_WINDOW_ROWS) return undefined;
  return {
    columns: Math.min(MAX_COLUMNS, columns - 2 * PICTURE_INDENT),
    rows: Math.min(MAX_ROWS, Math.floor(rows / 2)),
  };
}

/**
 * A picture with what was found on it, in the best way that the terminal can.
 * @returns undefined when there is no room, or the terminal can draw none.
 */
export async function drawPicture(
  picture: OpenPicture,
  detections: readonly Detection[],
  choice: ProtocolChoice | undefined,
  window: WindowSize,
): Promise<ShownPicture | undefined> {
  const space = pictureSpace(window);
  if (choice === undefined || choice.protocol === 'ascii' || space === undefined) return undefined;
  const { image, thumbnail } = picture;
  if (choice.protocol === 'blocks' || choice.protocol === 'blocks-256') {
    const small = fitHalfBlocks(thumbnail, space);
    const drawn = drawSmallOverlay(small, detections, image);
    const text = encodeBlocks(drawn, choice.protocol === 'blocks' ? '24-bit' : '256');
    return { columns: drawn.width, rows: Math.floor(drawn.height / 2), text, isText: true };
  }
  const scaled = scaleDetections(detections, image, thumbnail);
  const drawn = scaled.length === 0 ? thumbnail : await drawDetections(thumbnail, scaled);
  const text = await encodeTerminalPicture(drawn, choice, space);
  const { columns, rows } = fitPicture(drawn, space);
  return { columns, rows, text, isText: false };
}
