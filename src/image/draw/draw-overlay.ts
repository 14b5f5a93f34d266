import type { RgbImage } from '../../base/image.js';
import { addFoot, layoutFoot, type FootBlock } from './layout-foot.js';
import { layoutLabels, sizeOverlay, type LabelOptions, type OverlayShape } from './layout-overlay.js';
import { fillRectangle, pastePicture, strokeRectangle, tintMask, type PixelRectangle } from './paint.js';

/** Opacity of a mask over its object, 0..1: the colour is clear and the object still recognisable. */
export const MASK_OPACITY = 0.45;

/**
 * A rim makes a coloured line stand out against a background of the same colour, or a busy one: black around light
 * colours, white around dark ones.
 */
export const RIM_OPACITY = 0.5;

/** How it is drawn. */
export interface OverlayOptions extends LabelOptions {
  /** What is written below the picture. */
  readonly foot?: readonly FootBlock[];
}

/**
 * Draw masks, boxes and labels on a copy of the picture: masks lowest, labels on top, line width and font scaled to
 * the picture's size. With a foot, or a legend for labels without room, the copy is higher than the picture.
 */
export async function drawOverlay(
  image: RgbImage,
  shapes: readonly OverlayShape[],
  { hasLegend = false, foot = [] }: OverlayOptions = {},
): Promise<RgbImage> {
  const canvas = { width: image.width, height: image.height, data: Uint8Array.from(image.data) };
  const { lineWidth, rim, fontSize } = sizeOverlay(image);
  const { labels, legend } = await layoutLabels(image, shapes, { hasLegend });
  for (const { mask, color } of shapes) {
    if (mask !== undefined) tintMask(canvas, mask, color, MASK_OPACITY, lineWidth);
  }
  for (const { box, color, textColor } of shapes) {
    const area = {
      x0: Math.floor(box.x0),
      y0: Math.floor(box.y0),
      x1: Math.max(Math.ceil(box.x1), Math.floor(box.x0) + 1),
      y1: Math.max(Math.ceil(box.y1), Math.floor(box.y0) + 1),
    };
    strokeRectangle(canvas, grow(area, rim), lineWidth + 2 * rim, textColor, RIM_OPACITY);
    strokeRectangle(canvas, area, lineWidth, color);
  }
  for (const [index, label] of labels.entries()) {
    if (label === undefined) continue;
    const { strip, picture, padding } = label;
    strokeRectangle(canvas, grow(strip, rim), rim, shapes[index].textColor, RIM_OPACITY);
    fillRectangle(canvas, strip, shapes[index].color);
    pastePicture(canvas, picture, strip.x0 + padding, strip.y0 + padding);
  }
  const below = await layoutFoot(image, [...legend, ...foot], fontSize);
  return below === undefined ? canvas : addFoot(canvas, below);
}

function grow({ x0, y0, x1, y1 }: PixelRectangle, by: number): PixelRectangle {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}
