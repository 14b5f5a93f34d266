import type { RowSource } from './row-source.js';

/**
 * Inputs that are turned together. An outlier in one channel is spread over all of them; a product with a matrix of this
 * side costs a hundredth of the linears of PaliGemma 3B.
 */
const LARGEST_WIDTH = 128;

/** The widest Hadamard matrix whose side divides the number of inputs; 1 turns nothing. */
export function rotationWidth(inputs: number): number {
  let width = LARGEST_WIDTH;
  while (inputs % width !== 0) width /= 2;
  return width;
}

/**
 * The Hadamard matrix of Sylvester, scaled to be orthonormal: row-major [width, width], and its own transpose.
 * @param width a power of two.
 */
export function hadamardMatrix(width: number): Float32Array {
  const value = 1 / Math.sqrt(width);
  return Float32Array.from({ length: width * width }, (_, i) =>
    isOdd(Math.floor(i / width) & (i % width)) ? -value : value,
  );
}

/** Whether an odd number of bits is set. */
function isOdd(bits: number): boolean {
  let parity = 0;
  for (let rest = bits; rest > 0; rest >>= 1) parity ^= rest & 1;
  return parity === 1;
}

/**
 * The same matrix with its inputs turned, block by block of `rotationWidth`. Since the turn is orthonormal,
 * x W = (x H) (H W): a linear gives the same when its input is turned, too. Both then have no outliers left, which
 * is what rounding them needs.
 */
export function rotateRows(source: RowSource): RowSource {
  const { rows, columns } = source;
  const width = rotationWidth(columns);
  return {
    rows,
    columns,
    readRows: async (start, count) => {
      // A checkpoint's rows may be a view of its file.
      const values = Float32Array.from(await source.readRows(start, count));
      for (let at = 0; at < values.length; at += width) rotateBlock(values, at, width);
      return values;
    },
  };
}

/** The fast Walsh-Hadamard transform, in place. */
function rotateBlock(values: Float32Array, at: number, width: number): void {
  for (let half = 1; half < width; half *= 2) {
    for (let start = at; start < at + width; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const a = values[i];
        const b = values[i + half];
        values[i] = a + b;
        values[i + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(width);
  for (let i = at; i < at + width; i++) values[i] *= scale;
}
