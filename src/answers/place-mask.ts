import type { BinaryMask, Detection } from '../base/detection.js';
import type { Size } from '../base/geometry.js';
import { resizeBilinear } from './resize-bilinear.js';

/** Side of a decoded mask. */
const MASK_SIDE = 64;

/** What a coordinate is divided by, regardless of the scale used to show boxes, as in big_vision's evaluator. */
const LOC_SCALE = 1023;

/**
 * Lay a decoded mask into its box. The rule of big_vision's evaluator: the box is int(bin / 1023 * side), cut
 * towards zero; the float mask is resized to it; what is above 0 is the object. A box without a whole pixel
 * gives an empty mask.
 *
 * @param mask [64, 64] float32, row-major, as the mask decoder gives it.
 * @param bins y0, x0, y1, x1 of the record.
 * @param size of the picture as shown, pixels.
 */
export function placeMask(mask: Float32Array, bins: Detection['bins'], size: Size): BinaryMask {
  const { width, height } = size;
  const [y0, x0, y1, x1] = bins.map((bin, i) =>
    Math.trunc((bin / LOC_SCALE) * (i % 2 === 0 ? height : width)),
  );
  const data = new Uint8Array(width * height);
  if (y1 > y0 && x1 > x0) {
    const box = { width: x1 - x0, height: y1 - y0 };
    resizeBilinear(mask, { width: MASK_SIDE, height: MASK_SIDE }, box, (row, y) => {
      const offset = (y0 + y) * width + x0;
      for (let x = 0; x < box.width; x++) if (row[x] > 0) data[offset + x] = 1;
    });
  }
  return { width, height, data };
}
