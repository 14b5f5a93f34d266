import type { BinaryMask } from '../../base/detection.js';

/**
 * A mask as lengths of runs down the columns, from left to right, of zeros first; the first may be 0. COCO's RLE before
 * it is compressed.
 */
export interface MaskRuns {
  readonly width: number;
  readonly height: number;
  readonly counts: readonly number[];
}

/** The runs of a mask. */
export function toMaskRuns({ width, height, data }: BinaryMask): MaskRuns {
  const counts: number[] = [];
  let value = 0;
  let length = 0;
  for (let x = 0; x < width; x++) {
    for (let place = x; place < width * height; place += width) {
      if (data[place] !== value) {
        counts.push(length);
        value = data[place];
        length = 0;
      }
      length++;
    }
  }
  counts.push(length);
  return { width, height, counts };
}

/** Pixels that a mask covers. */
export function maskArea({ counts }: MaskRuns): number {
  return counts.reduce((sum, count, i) => (i % 2 === 1 ? sum + count : sum), 0);
}

/** Pixels that both of two masks of one size cover. */
export function sharedArea(a: MaskRuns, b: MaskRuns): number {
  let shared = 0;
  let [i, j] = [0, 0];
  let [restA, restB] = [a.counts[0] ?? 0, b.counts[0] ?? 0];
  while (i < a.counts.length && j < b.counts.length) {
    const step = Math.min(restA, restB);
    if (i % 2 === 1 && j % 2 === 1) shared += step;
    restA -= step;
    restB -= step;
    if (restA === 0) restA = a.counts[++i];
    if (restB === 0) restB = b.counts[++j];
  }
  return shared;
}
