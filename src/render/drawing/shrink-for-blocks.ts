import type { RgbImage } from '../../base/image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import { fitPicture } from '../terminal-picture/fit-picture.js';

/** A picture with one pixel for each column and two for each row, the largest that fits and keeps the shape. */
export function shrinkForBlocks(image: RgbImage, columns: number, rows: number): RgbImage {
  const fitted = fitPicture(image, { columns, rows, cellPixels: { width: 1, height: 2 } });
  return resizeBicubic(image, fitted.columns, fitted.rows * 2);
}
