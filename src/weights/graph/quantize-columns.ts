/**
 * Largest magnitude of an int8 weight. Processors without VNNI add pairs of products (activation 0..255 times
 * weight) in 16 bits: 2 * 255 * 64 = 32640 just fits, 127 would overflow silently.
 */
const LARGEST = 64;

/** Rows that are rounded before they are written column by column: keeps both sides in the cache. */
const TILE_ROWS = 64;

/**
 * Round one slice of a linear's rows to int8 with one scale per output and put it, transposed, into the
 * matrix that MatMulIntegerToFloat multiplies with.
 *
 * @param weights [rows, inputs] float32: outputs `firstRow` .. `firstRow + rows - 1`.
 * @param target [inputs, outputs] int8.
 * @param scales [outputs] float32; the slice's part is filled in.
 */
export function quantizeColumns(
  weights: Float32Array,
  firstRow: number,
  rows: number,
  inputs: number,
  outputs: number,
  target: Int8Array,
  scales: Float32Array,
): void {
  const tile = new Int8Array(TILE_ROWS * inputs);
  for (let start = 0; start < rows; start += TILE_ROWS) {
    const count = Math.min(TILE_ROWS, rows - start);
    for (let row = 0; row < count; row++) {
      const from = (start + row) * inputs;
      scales[firstRow + start + row] = quantizeRow(weights, from, inputs, tile, row * inputs);
    }
    for (let input = 0; input < inputs; input++) {
      const to = input * outputs + firstRow + start;
      for (let row = 0; row < count; row++) target[to + row] = tile[row * inputs + input]!;
    }
  }
}

function quantizeRow(
  weights: Float32Array,
  from: number,
  inputs: number,
  tile: Int8Array,
  to: number,
): number {
  let largest = 0;
  for (let i = from; i < from + inputs; i++) {
    const value = weights[i];
    const magnitude = value < 0 ? -value : value;
    if (magnitude > largest) largest = magnitude;
  }
  const inverse = largest > 0 ? LARGEST / largest : 0;
  for (let i = 0; i < inputs; i++) {
    // Rounds to nearest: the sum is positive, so truncating it rounds down.
    tile[to + i] = ((weights[from + i] * inverse + (LARGEST + 0.5)) | 0) - LARGEST;
  }
  return largest / LARGEST;
}
