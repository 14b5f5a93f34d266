import type { Size } from '../base/geometry.js';

/** Which source values make one target value. */
interface Taps {
  /** Index of the first source value. */
  readonly first: number;
  /** One weight for each source value from `first` on; they add up to 1. */
  readonly weights: Float64Array;
}

/**
 * Resize a one-channel float picture as Pillow's BILINEAR does: a triangle filter that widens when shrinking, first
 * across, then down, each result kept as float32. Rows are passed on one by one, so that a mask the size of a photo
 * needs no full float copy.
 *
 * @param source row-major, `from.width * from.height` values.
 * @param onRow called with each target row and its index. The array is reused: copy what you keep.
 */
export function resizeBilinear(
  source: Float32Array,
  from: Size,
  to: Size,
  onRow: (row: Float32Array, y: number) => void,
): void {
  const across = computeTaps(from.width, to.width);
  const down = computeTaps(from.height, to.height);
  const narrow = resizeAcross(source, from, across);
  const row = new Float32Array(to.width);
  for (let y = 0; y < to.height; y++) {
    const { first, weights } = down[y];
    for (let x = 0; x < to.width; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += narrow[(first + i) * to.width + x] * weights[i];
      row[x] = sum;
    }
    onRow(row, y);
  }
}

function resizeAcross(source: Float32Array, from: Size, taps: readonly Taps[]): Float32Array {
  const result = new Float32Array(taps.length * from.height);
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < taps.length; x++) {
      const { first, weights } = taps[x];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += source[y * from.width + first + i] * weights[i];
      result[y * taps.length + x] = sum;
    }
  }
  return result;
}

/** The triangle filter's taps, with Pillow's rounding: places + 0.5, cut to whole numbers, at the edges clipped. */
function computeTaps(from: number, to: number): Taps[] {
  const scale = from / to;
  const support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, target) => {
    const center = (target + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const end = Math.min(Math.trunc(center + support + 0.5), from);
    const weights = Float64Array.from({ length: end - first }, (_, i) =>
      Math.max(1 - Math.abs((first + i - center + 0.5) / support), 0),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
