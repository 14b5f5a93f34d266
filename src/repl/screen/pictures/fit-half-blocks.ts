import type { RgbImage } from '../../../base/image.js';
import { shrinkForBlocks } from '../../../render/drawing/shrink-for-blocks.js';
import type { WindowSize } from './picture-space.js';

const cache = new WeakMap<RgbImage, Map<string, RgbImage>>();

/**
 * A picture of one pixel for each half of a cell, the largest that fits. The same picture and room give the same
 * object: previews are drawn many times a second.
 */
export function fitHalfBlocks(image: RgbImage, { columns, rows }: WindowSize): RgbImage {
  const sizes = cache.get(image) ?? new Map<string, RgbImage>();
  cache.set(image, sizes);
  const key = `${columns}x${rows}`;
  const known = sizes.get(key);
  if (known !== undefined) return known;
  const small = shrinkForBlocks(image, columns, rows);
  sizes.set(key, small);
  return small;
}
