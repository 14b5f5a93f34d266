import type { CheckpointTensor } from '../checkpoint/open-safetensors.js';
import type { LoraPair } from './read-adapter.js';

/**
 * A weight with an adapter's product added: rows of W + scale * B A, made when they are read, in float32. With
 * DoRA each row is then scaled to the length that the adapter gives.
 *
 * @param base [outputs, inputs], or a convolution's [outputs, 3, patch, patch], whose inputs lie in a row. The pair's
 * shapes must fit it (see apply-adapter).
 */
export function adaptTensor(base: CheckpointTensor, pair: LoraPair, scale: number): CheckpointTensor {
  const inputs = base.shape.slice(1).reduce((product, size) => product * size, 1);
  const readRows = async (start: number, count: number): Promise<Float32Array> => {
    const values = await base.readRows(start, count);
    const { left, right, rank } = await readFactors(pair, start, count);
    addProduct(values, left, right, { count, inputs, rank, scale });
    if (pair.magnitude) {
      scaleRows(values, inputs, (await pair.magnitude.readRows(0, pair.magnitude.shape[0])).subarray(start));
    }
    return values;
  };
  return {
    ...base,
    readDtype: async () => 'F32',
    readRows,
    async readRawRows(start, count) {
      const values = await readRows(start, count);
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    },
  };
}

/** left [count, rank] and right [rank, inputs], whose product is the change of these rows. */
async function readFactors(
  { a, b, isEmbedding }: LoraPair,
  start: number,
  count: number,
): Promise<{ left: Float32Array; right: Float32Array; rank: number }> {
  const rank = a.shape[0];
  if (!isEmbedding) {
    return { left: await b.readRows(start, count), right: await a.readRows(0, rank), rank };
  }
  // An embedding table is stored row by token: its change is the transpose of B A.
  const left = new Float32Array(count * rank);
  for (let k = 0; k < rank; k++) {
    const line = await a.readRows(k, 1);
    for (let row = 0; row < count; row++) left[row * rank + k] = line[start + row];
  }
  const width = b.shape[0];
  const stored = await b.readRows(0, width);
  const right = new Float32Array(rank * width);
  for (let column = 0; column < width; column++) {
    for (let k = 0; k < rank; k++) right[k * width + column] = stored[column * rank + k];
  }
  return { left, right, rank };
}

function addProduct(
  values: Float32Array,
  left: Float32Array,
  right: Float32Array,
  { count, inputs, rank, scale }: { count: number; inputs: number; rank: number; scale: number },
): void {
  for (let row = 0; row < count; row++) {
    const target = values.subarray(row * inputs, (row + 1) * inputs);
    for (let k = 0; k < rank; k++) {
      const factor = scale * left[row * rank + k];
      const line = right.subarray(k * inputs, (k + 1) * inputs);
      for (let column = 0; column < inputs; column++) target[column] += factor * line[column];
    }
  }
}

/** Give each row the length `lengths[row]`; a row of zeros stays. */
function scaleRows(values: Float32Array, inputs: number, lengths: Float32Array): void {
  for (let row = 0; row * inputs < values.length; row++) {
    const target = values.subarray(row * inputs, (row + 1) * inputs);
    let sum = 0;
    for (const value of target) sum += value * value;
    const factor = sum > 0 ? lengths[row] / Math.sqrt(sum) : 1;
    for (let column = 0; column < inputs; column++) target[column] *= factor;
  }
}
