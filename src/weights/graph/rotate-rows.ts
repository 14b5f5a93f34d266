import type { RowSource } from './row-source.js';

/** Side of the two Hadamard matrices: what they cost grows with it, and what they spread over with its square. */
const LARGEST_SIDE = 16;

/** The widest Hadamard matrix, up to 16, whose side divides the number of inputs; 1 turns nothing. */
export function rotationSide(inputs: number): number {
  let side = LARGEST_SIDE;
  while (inputs % side !== 0) side /= 2;
  return side;
}

/**
 * The Hadamard matrix of Sylvester, scaled to be orthonormal: row-major [side, side], and its own transpose.
 * @param side a power of two.
 */
export function hadamardMatrix(side: number): Float32Array {
  const value = 1 / Math.sqrt(side);
  return Float32Array.from({ length: side * side }, (_, i) =>
    isOdd(Math.floor(i / side) & (i % side)) ? -value : value,
  );
}

/** Whether an odd number of bits is set. */
function isOdd(bits: number): boolean {
  let parity = 0;
  for (let rest = bits; rest > 0; rest >>= 1) parity ^= rest & 1;
  return parity === 1;
}

/**
 * The rows of a matrix turned as LinearAdder turns its inputs, so that their products stay: each `side` values that lie
 * side by side times the Hadamard matrix, then each `side` values that lie a `side`-th of the row apart. An outlier in
 * one channel is spread over `side` ** 2 of them.
 *
 * @param pieces inputs that are turned together: the row's length, or lengths that add up to it.
 */
export function rotateRows(source: RowSource, pieces: readonly number[] = [source.columns]): RowSource {
  const { rows, columns } = source;
  return {
    rows,
    columns,
    readRows: async (start, count) => {
      // A checkpoint's rows may be a view of its file.
      const values = Float32Array.from(await source.readRows(start, count));
      let at = 0;
      while (at < values.length) {
        for (const length of pieces) {
          rotatePiece(values, at, length);
          at += length;
        }
      }
      return values;
    },
  };
}

/** Two fast Walsh-Hadamard transforms, in place: of neighbours, and of values that lie `length / side` apart. */
function rotatePiece(values: Float32Array, at: number, length: number): void {
  const side = rotationSide(length);
  for (const unit of [1, length / side]) {
    for (let half = unit; half < unit * side; half *= 2) {
      for (let start = at; start < at + length; start += 2 * half) {
        for (let i = start; i < start + half; i++) {
          const a = values[i];
          const b = values[i + half];
          values[i] = a + b;
          values[i + half] = a - b;
        }
      }
    }
  }
  for (let i = at; i < at + length; i++) values[i] /= side;
}
