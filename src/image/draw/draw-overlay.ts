import type { RgbImage } from '../../base/image.js';
import { layoutLabels, sizeOverlay, type OverlayShape } from './layout-overlay.js';
import { fillRectangle, pastePicture, strokeRectangle, tintMask } from './paint.js';

/** Opacity of a mask over its object, 0..1: the colour is clear and the object still recognisable. */
export const MASK_OPACITY = 0.45;

/** A faint dark rim makes a coloured line stand out against a background of the same colour. */
const RIM_OPACITY = 0.35;

/**
 * Draw masks, boxes and labels on a copy of the picture: masks lowest, labels on top, line width and font scaled to
 * the picture's size.
 */
export async function drawOverlay(image: RgbImage, shapes: readonly OverlayShape[]): Promise<RgbImage> {
  const canvas = { width: image.width, height: image.height, data: Uint8Array.from(image.data) };
  const { lineWidth, padding } = sizeOverlay(image);
  const labels = await layoutLabels(image, shapes);
  for (const { mask, color } of shapes) {
    if (mask !== undefined) tintMask(canvas, mask, color, MASK_OPACITY, lineWidth);
  }
  for (const { box, color } of shapes) {
    const area = {
      x0: Math.floor(box.x0),
      y0: Math.floor(box.y0),
      x1: Math.max(Math.ceil(box.x1), Math.floor(box.x0) + 1),
      y1: Math.max(Math.ceil(box.y1), Math.floor(box.y0) + 1),
    };
    if (lineWidth > 1) {
      const rim = { x0: area.x0 - 1, y0: area.y0 - 1, x1: area.x1 + 1, y1: area.y1 + 1 };
      strokeRectangle(canvas, rim, lineWidth + 2, [0, 0, 0], RIM_OPACITY);
    }
    strokeRectangle(canvas, area, lineWidth, color);
  }
  for (const [index, label] of labels.entries()) {
    if (label === undefined) continue;
    fillRectangle(canvas, label.strip, shapes[index].color);
    pastePicture(canvas, label.picture, label.strip.x0 + padding, label.strip.y0 + padding);
  }
  return canvas;
}
