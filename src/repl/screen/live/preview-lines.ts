import { fitBlocks } from '../../../render/drawing/fit-blocks.js';
import type { Findings } from '../../../render/drawing/draw-for-terminal.js';
import { drawSmallOverlay } from '../../../render/drawing/small-overlay.js';
import type { RgbImage } from '../../../base/image.js';
import { cellGrids } from '../../../render/terminal-picture/block-symbols.js';
import { encodeBlocks } from '../../../render/terminal-picture/encode-blocks.js';
import type { WindowSize } from '../pictures/picture-space.js';
import type { LivePictures } from '../terminal/terminal-profile.js';

/** A picture that is drawn many times a second, with what is known of it so far. */
export interface PreviewLines {
  readonly lines: readonly string[];
  readonly columns: number;
}

/** @param space the room for it. */
export function drawPreview(
  image: RgbImage,
  { detections, size, labels }: Findings,
  { depth, symbols }: LivePictures,
  space: WindowSize,
): PreviewLines {
  const drawn = drawSmallOverlay(fitBlocks(image, space, symbols), detections, size, { labels });
  const lines = encodeBlocks(drawn, depth, symbols).trimEnd().split('\n');
  return { lines, columns: drawn.width / cellGrids[symbols].columns };
}
