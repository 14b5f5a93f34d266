import type { Box, Size } from '../../base/geometry.js';

/** A box as the user specifies it, before the picture's size is known. */
export interface Region extends Box {
  readonly unit: 'pixels' | 'percent';
}

/** The region in the picture's pixels; it may extend past the edges, or lie outside. */
export function regionToBox({ unit, x0, y0, x1, y1 }: Region, picture: Size): Box {
  const scaleX = unit === 'percent' ? picture.width / 100 : 1;
  const scaleY = unit === 'percent' ? picture.height / 100 : 1;
  return { x0: x0 * scaleX, y0: y0 * scaleY, x1: x1 * scaleX, y1: y1 * scaleY };
}
