import type { Detection } from '../base/detection.js';
import { UsageError } from '../base/errors.js';
import type { Box, Size } from '../base/geometry.js';
import { LOC_TOKENS } from '../base/model-spec.js';

/** The largest coordinate; training wrote `round(x * 1023)` of a fraction x. */
const MAX_BIN = LOC_TOKENS - 1;

/**
 * A box as the model writes it: y0, x0, y1, x1, each 0..1023. Anything outside the picture is cut off; a box
 * thinner than one step is widened to one.
 *
 * @param box pixels of the picture as shown.
 * @throws {UsageError} the box is empty or lies outside the picture.
 */
export function boxToBins(box: Box, picture: Size): Detection['bins'] {
  const isInside = box.x0 < picture.width && box.y0 < picture.height && box.x1 > 0 && box.y1 > 0;
  if (!isInside || !(box.x0 < box.x1 && box.y0 < box.y1)) {
    throw new UsageError(
      'REGION_EMPTY',
      `The region ${box.x0},${box.y0},${box.x1},${box.y1} has no part in the picture of ${picture.width} x ${picture.height} pixels.`,
      { hint: 'Give the left, top, right and bottom side, in this order.' },
    );
  }
  const [y0, y1] = sidesToBins(box.y0, box.y1, picture.height);
  const [x0, x1] = sidesToBins(box.x0, box.x1, picture.width);
  return [y0, x0, y1, x1];
}

function sidesToBins(near: number, far: number, length: number): [number, number] {
  const toBin = (place: number): number => Math.round(Math.min(Math.max(place / length, 0), 1) * MAX_BIN);
  const first = Math.min(toBin(near), MAX_BIN - 1);
  return [first, Math.max(toBin(far), first + 1)];
}
