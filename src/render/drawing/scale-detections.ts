import type { BinaryMask, Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';

/** The detections of a picture, for the same picture in another size. */
export function scaleDetections(detections: readonly Detection[], from: Size, to: Size): Detection[] {
  const scaleX = to.width / from.width;
  const scaleY = to.height / from.height;
  return detections.map(({ box, mask, ...rest }) => ({
    ...rest,
    box: { x0: box.x0 * scaleX, y0: box.y0 * scaleY, x1: box.x1 * scaleX, y1: box.y1 * scaleY },
    ...(mask === undefined ? {} : { mask: scaleMask(mask, to) }),
  }));
}

/** Each pixel takes the value at its middle. */
function scaleMask(mask: BinaryMask, { width, height }: Size): BinaryMask {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++)
      data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)];
  }
  return { width, height, data };
}
