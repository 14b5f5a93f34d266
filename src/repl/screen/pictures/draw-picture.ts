import type { Detection } from '../../../base/detection.js';
import { drawForTerminal } from '../../../render/drawing/draw-for-terminal.js';
import type { ProtocolChoice } from '../../../render/terminal-picture/choose-protocol.js';
import { pictureSpace, type WindowSize } from './picture-space.js';
import type { OpenPicture } from '../../session/state/session-state.js';
import type { ShownPicture } from '../../session/state/shown-picture.js';

/**
 * A picture with what was found on it, in the best way that the terminal can.
 * @returns undefined when there is no room, or the terminal can draw none.
 */
export async function drawPicture(
  { image, thumbnail }: OpenPicture,
  detections: readonly Detection[],
  choice: ProtocolChoice | undefined,
  window: WindowSize,
): Promise<ShownPicture | undefined> {
  const space = pictureSpace(window);
  if (choice === undefined || space === undefined) return undefined;
  return drawForTerminal(thumbnail, { detections, size: image }, choice, space);
}
