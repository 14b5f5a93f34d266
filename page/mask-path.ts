import { decodeMaskRle, type MaskRle } from '../src/base/mask-rle.js';
import { traceOutlines } from '../src/render/drawing/trace-outlines.js';

/** Largest mask that is drawn, pixels: files from elsewhere may claim any size. */
const MAX_PIXELS = 64 * 2 ** 20;

const known = new WeakMap<MaskRle, string>();

/** A mask's outline as the path of an SVG, in the mask's own pixels; empty where it cannot be read. */
export function maskPath(mask: MaskRle): string {
  const path = known.get(mask) ?? tracePath(mask);
  known.set(mask, path);
  return path;
}

function tracePath(mask: MaskRle): string {
  const [height, width] = mask.size;
  if (!(height * width <= MAX_PIXELS)) return '';
  try {
    return traceOutlines(decodeMaskRle(mask))
      .map(({ points }) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
      .join('');
  } catch {
    // The result is shown all the same, without the mask.
    return '';
  }
}
