import type { Detection } from '../../../base/detection.js';
import { drawDetections } from '../../../render/drawing/overlay.js';
import { scaleDetections } from '../../../render/drawing/scale-detections.js';
import { drawSmallOverlay } from '../../../render/drawing/small-overlay.js';
import type { ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import { encodeBlocks } from '../../../render/terminal-picture/encode-blocks.js';
import { encodeTerminalPicture } from '../../../render/terminal-picture/encode-terminal-picture.js';
import { fitPicture } from '../../../render/terminal-picture/fit-picture.js';
import { fitHalfBlocks } from './fit-half-blocks.js';
import { pictureSpace, type WindowSize } from './picture-space.js';
import type { OpenPicture } from '../../session/state/session-state.js';
import type { ShownPicture } from '../../session/state/shown-picture.js';

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
