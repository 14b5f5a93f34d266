import { floatsToHalf } from '../../base/half-float.js';
import type { CheckpointTensor } from '../checkpoint/open-safetensors.js';
import type { LinearFormat, LinearPlan } from './linear-plan.js';
import { quantizeBlocks } from './quantize-blocks.js';
import { quantizeColumns } from './quantize-columns.js';
import { rotateRows, rotationSide } from './rotate-rows.js';
import type { RowSource } from './row-source.js';
import type { StoredWeight, WeightFile } from './weight-file.js';

/** A linear's matrix in a weight file. */
export interface StoredLinear {
  readonly format: LinearFormat;
  /** Inputs that share a scale, where it has blocks. */
  readonly blockSize?: number;
  /** Its inputs must be turned as rotateRows turned its rows. */
  readonly isRotated: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: StoredWeight;
  /** Absent for dense formats. */
  readonly scales?: StoredWeight;
}

/** Inputs that share a scale at least. */
const SMALLEST_BLOCK = 32;
/** Elements read at a time: 4 MiB of float32. */
const SLICE_ELEMENTS = 2 ** 20;

/** Several linears with the same input as one: their rows one below the other. */
export function stackRows(tensors: readonly CheckpointTensor[]): RowSource {
  const [first, ...others] = tensors;
  const columns = first.shape[1];
  if (others.length === 0) {
    return { rows: first.shape[0], columns, readRows: (start, count) => first.readRows(start, count) };
  }
  const rows = tensors.reduce((sum, tensor) => sum + tensor.shape[0], 0);
  return {
    rows,
    columns,
    async readRows(start, count) {
      const result = new Float32Array(count * columns);
      let top = 0;
      for (const tensor of tensors) {
        const end = top + tensor.shape[0];
        const from = Math.max(start, top);
        const to = Math.min(start + count, end);
        if (from < to) result.set(await tensor.readRows(from - top, to - from), (from - start) * columns);
        top = end;
      }
      return result;
    },
  };
}

/** Slices of a source, in order: [first row, rows, values]. */
async function* readSlices(source: RowSource): AsyncGenerator<[number, number, Float32Array]> {
  const step = Math.max(1, Math.floor(SLICE_ELEMENTS / source.columns));
  for (let start = 0; start < source.rows; start += step) {
    const count = Math.min(step, source.rows - start);
    yield [start, count, await source.readRows(start, count)];
  }
}

/**
 * Write a linear's matrix as planned. Memory: one slice, and for the transposed formats (f32, f16, w8a8) the
 * whole result.
 * @param pieces inputs that are turned together, where not all of them are.
 */
export async function storeLinear(
  file: WeightFile,
  name: string,
  source: RowSource,
  plan: LinearPlan,
  pieces: readonly number[] = [source.columns],
): Promise<StoredLinear> {
  const { format } = plan;
  const isRotated = plan.isRotated === true && pieces.every((length) => rotationSide(length) > 1);
  const common = { format, inputs: source.columns, outputs: source.rows, isRotated };
  const turned = isRotated ? rotateRows(source, pieces) : source;
  switch (format) {
    case 'q4':
    case 'q8': {
      const blockSize = fitBlock(source.columns, plan.blockSize);
      const stored = await storeBlocks(file, name, turned, format === 'q4' ? 4 : 8, blockSize);
      return { ...common, ...stored, blockSize };
    }
    case 'w8a8':
      return { ...common, ...(await storeColumns(file, name, turned)) };
    case 'f32':
    case 'f16':
      return { ...common, weight: await storeDense(file, name, turned, format) };
  }
}

/** The block size of a plan, or so much less that the last block of a row is filled by more than half. */
function fitBlock(columns: number, blockSize: number = SMALLEST_BLOCK): number {
  let fitting = blockSize;
  while (fitting > SMALLEST_BLOCK && Math.ceil(columns / fitting) * fitting - columns >= fitting / 2) {
    fitting /= 2;
  }
  return fitting;
}

/** The same in pieces of so many rows, each a matrix of its own. */
export async function storePieces(
  file: WeightFile,
  name: string,
  source: RowSource,
  plan: LinearPlan,
  pieces: readonly number[],
): Promise<StoredLinear[]> {
  const stored: StoredLinear[] = [];
  let first = 0;
  for (const [i, rows] of pieces.entries()) {
    const start = first;
    const piece = {
      rows,
      columns: source.columns,
      readRows: (row: number, count: number) => source.readRows(start + row, count),
    };
    stored.push(await storeLinear(file, `${name}.${i}`, piece, plan));
    first += rows;
  }
  return stored;
}

async function storeBlocks(
  file: WeightFile,
  name: string,
  source: RowSource,
  bits: 4 | 8,
  blockSize: number,
): Promise<{ weight: StoredWeight; scales: StoredWeight }> {
  const blocks = Math.ceil(source.columns / blockSize);
  const scales = new Float32Array(source.rows * blocks);
  const offset = await file.begin((source.rows * blocks * blockSize * bits) / 8);
  for await (const [start, count, values] of readSlices(source)) {
    const slice = quantizeBlocks(values, count, source.columns, bits, blockSize);
    scales.set(slice.scales, start * blocks);
    await file.append(slice.values);
  }
  const weight = file.finish(
    `${name}.q${bits}`,
    'uint8',
    [source.rows, blocks, (blockSize * bits) / 8],
    offset,
  );
  return {
    weight,
    scales: await file.add(`${name}.q${bits}.scales`, 'float32', [source.rows, blocks], scales),
  };
}

async function storeColumns(
  file: WeightFile,
  name: string,
  source: RowSource,
): Promise<{ weight: StoredWeight; scales: StoredWeight }> {
  const { rows: outputs, columns: inputs } = source;
  const matrix = new Int8Array(file.borrow(inputs * outputs), 0, inputs * outputs);
  const scales = new Float32Array(outputs);
  for await (const [start, count, values] of readSlices(source)) {
    quantizeColumns(values, start, count, inputs, outputs, matrix, scales);
  }
  return {
    weight: await file.add(`${name}.w8`, 'int8', [inputs, outputs], matrix),
    scales: await file.add(`${name}.w8.scales`, 'float32', [outputs], scales),
  };
}

async function storeDense(
  file: WeightFile,
  name: string,
  source: RowSource,
  format: 'f32' | 'f16',
): Promise<StoredWeight> {
  const { rows: outputs, columns: inputs } = source;
  const isHalf = format === 'f16';
  const memory = file.borrow(inputs * outputs * (isHalf ? 2 : 4));
  const matrix = isHalf
    ? new Uint16Array(memory, 0, inputs * outputs)
    : new Float32Array(memory, 0, inputs * outputs);
  for await (const [start, count, values] of readSlices(source)) {
    transpose(isHalf ? floatsToHalf(values) : values, start, count, inputs, outputs, matrix);
  }
  return file.add(`${name}.${format}`, isHalf ? 'float16' : 'float32', [inputs, outputs], matrix);
}

/** Side of the squares that are transposed at a time: rows read and rows written both stay in the cache. */
const TILE_SIDE = 64;

function transpose(
  values: Float32Array | Uint16Array,
  firstRow: number,
  rows: number,
  inputs: number,
  outputs: number,
  target: Float32Array | Uint16Array,
): void {
  for (let top = 0; top < rows; top += TILE_SIDE) {
    const bottom = Math.min(top + TILE_SIDE, rows);
    for (let left = 0; left < inputs; left += TILE_SIDE) {
      const right = Math.min(left + TILE_SIDE, inputs);
      for (let input = left; input < right; input++) {
        const to = input * outputs + firstRow;
        for (let row = top; row < bottom; row++) target[to + row] = values[row * inputs + input];
      }
    }
  }
}
