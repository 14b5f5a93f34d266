import type { BinaryMask } from '../../base/detection.js';
import { traceOutlines } from './trace-outlines.js';

/**
 * The outline of a mask as an SVG path along the pixels' edges: one closed part for each piece and each hole, to
 * be filled by the even-odd rule. Empty for an empty mask.
 */
export function traceMask(mask: BinaryMask): string {
  return traceOutlines(mask)
    .map(({ points }) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
    .join('');
}
