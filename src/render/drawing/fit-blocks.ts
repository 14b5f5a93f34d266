import type { RgbImage } from '../../base/image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import { cellGrids, type BlockSymbols } from '../terminal-picture/block-symbols.js';
import { fitPicture } from '../terminal-picture/fit-picture.js';

const cache = new WeakMap<RgbImage, Map<string, RgbImage>>();

/**
 * A picture with a pixel for each part of the cells that it fills: the largest in this room that keeps the shape. The
 * same picture and room give the same object: previews are drawn many times a second.
 */
export function fitBlocks(
  image: RgbImage,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  symbols: BlockSymbols,
): RgbImage {
  const sizes = cache.get(image) ?? new Map<string, RgbImage>();
  cache.set(image, sizes);
  const key = `${columns}x${rows} ${symbols}`;
  const known = sizes.get(key);
  if (known !== undefined) return known;
  const fitted = fitPicture(image, { columns, rows, cellPixels: { width: 1, height: 2 } });
  const grid = cellGrids[symbols];
  const small = resizeBicubic(image, fitted.columns * grid.columns, fitted.rows * grid.rows);
  sizes.set(key, small);
  return small;
}
