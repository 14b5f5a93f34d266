/**
 * A box in the pixels of the picture as shown (after EXIF orientation). x0, y0 is the top left corner, x1, y1
 * the bottom right, exclusive; values may be fractions. Always x0 < x1 and y0 < y1.
 */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Intersection over union, 0..1; 0 for boxes that do not touch. */
export function boxIou(a: Box, b: Box): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const areas = (a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0);
  return shared / (areas - shared);
}
