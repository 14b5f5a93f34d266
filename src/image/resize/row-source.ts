import type { RgbImage } from '../../base/image.js';
import type { ResizeKernel } from './resize-kernel.js';

/** RGB rows read by a pass of the kernel. */
export interface RowSource {
  readonly width: number;
  readonly height: number;
  /**
   * Where in the kernel's memory rows `first` to `first + count - 1` lie, one after the other.
   * @param first no smaller than in the call before.
   */
  readonly hold: (first: number, count: number) => number;
}

/**
 * A picture's rows: a window of them is in the kernel's memory and moves down.
 * @param mostRows the most that are requested at once.
 * @param slack bytes after the window that may be read.
 */
export function holdPicture(
  kernel: ResizeKernel,
  { width, height, data }: RgbImage,
  mostRows: number,
  slack: number,
): RowSource {
  const stride = width * 3;
  // Twice as many, so that a row needed again is moved only once.
  const capacity = Math.min(height, 2 * mostRows);
  const offset = kernel.allocate(capacity * stride + slack);
  let [start, end] = [0, 0];
  const hold = (first: number, count: number): number => {
    if (first + count > end) {
      const { bytes } = kernel;
      const kept = Math.max(first, end);
      const from = offset + (first - start) * stride;
      if (first < end) bytes.copyWithin(offset, from, from + (end - first) * stride);
      start = first;
      end = Math.min(height, first + capacity);
      bytes.set(data.subarray(kept * stride, end * stride), offset + (kept - first) * stride);
    }
    return offset + (first - start) * stride;
  };
  return { width, height, hold };
}
