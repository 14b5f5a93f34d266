import type { BinaryMask, Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import type { Size } from '../../base/geometry.js';
import { MASK_OPACITY } from '../../image/draw/draw-overlay.js';
import { fillRectangle, strokeRectangle } from '../../image/draw/paint.js';
import { assignLabelColors } from './label-colors.js';

/** How they are drawn. */
export interface SmallOverlayStyle {
  /** Labels that get their colours before those of the detections: of other pictures with the same objects. */
  readonly labels?: readonly string[] | undefined;
  /** Pixels. */
  readonly lineWidth?: number;
}

/**
 * Boxes and masks on a picture of a few dozen pixels, as blocks show it: no labels. A copy. Colours are those of the
 * larger overlay.
 *
 * @param picture the size that the boxes are in; masks may have any size, and are of the whole picture.
 */
export function drawSmallOverlay(
  image: RgbImage,
  detections: readonly Pick<Detection, 'box' | 'label' | 'mask'>[],
  picture: Size,
  { labels = [], lineWidth = 1 }: SmallOverlayStyle = {},
): RgbImage {
  const canvas = { ...image, data: image.data.slice() };
  const colors = assignLabelColors([...labels, ...detections.map(({ label }) => label)]);
  const scaleX = image.width / picture.width;
  const scaleY = image.height / picture.height;
  for (const { mask, label } of detections) {
    if (mask !== undefined) tintSmall(canvas, mask, colors.get(label)!.color);
  }
  for (const { box, label } of detections) {
    // Around what is in the box, so that it covers nothing of it; at the picture's edge just inside.
    const x0 = Math.round(box.x0 * scaleX);
    const y0 = Math.round(box.y0 * scaleY);
    const frame = {
      x0: Math.max(0, x0 - lineWidth),
      y0: Math.max(0, y0 - lineWidth),
      x1: Math.min(canvas.width, Math.max(x0 + 1, Math.round(box.x1 * scaleX)) + lineWidth),
      y1: Math.min(canvas.height, Math.max(y0 + 1, Math.round(box.y1 * scaleY)) + lineWidth),
    };
    strokeRectangle(canvas, frame, lineWidth, colors.get(label)!.color);
  }
  return canvas;
}

/** Each pixel takes the mask's value at its middle. */
function tintSmall(canvas: RgbImage, mask: BinaryMask, color: readonly [number, number, number]): void {
  for (let y = 0; y < canvas.height; y++) {
    const maskY = Math.floor(((y + 0.5) * mask.height) / canvas.height);
    for (let x = 0; x < canvas.width; x++) {
      const maskX = Math.floor(((x + 0.5) * mask.width) / canvas.width);
      if (mask.data[maskY * mask.width + maskX] === 1) {
        fillRectangle(canvas, { x0: x, y0: y, x1: x + 1, y1: y + 1 }, color, MASK_OPACITY);
      }
    }
  }
}
