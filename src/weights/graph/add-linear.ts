import { type GraphBuilder, MICROSOFT } from './graph-builder.js';
import { hadamardMatrix, rotationSide } from './rotate-rows.js';
import { type RoundedValues, roundPerToken } from './round-per-token.js';
import type { StoredLinear } from './store-linear.js';
import type { StoredWeight } from './weight-file.js';

/** Element type in which a linear multiplies. Its input and output are float32 either way, unless asked. */
export type ComputeType = 'float32' | 'float16';

/** ONNX element type numbers for Cast. */
const CAST_TO = { float32: 1, float16: 10 } as const;

/** Integer dot products on block-quantised weights: 3 to 5 times as fast on the CPU as float ones. */
const ACCURACY_LEVEL = 4;

/** Inputs that share a scale at most in the kernels of CUDA; those of the CPU take 256. */
export const GPU_BLOCK_LIMIT = 128;

/**
 * Adds linears to one graph. Work on an input that several linears share (rounding it to 8 bits, casting it)
 * is added once.
 */
export class LinearAdder {
  readonly #graph: GraphBuilder;
  readonly #compute: ComputeType;
  readonly #blockLimit: number;
  readonly #rounded = new Map<string, RoundedValues>();
  readonly #halves = new Map<string, string>();
  /** Values that are float16 as they are. */
  readonly #isHalf = new Set<string>();
  /** Turned values by what they were. */
  readonly #turned = new Map<string, string>();

  /** @param blockLimit a larger block is given to the kernels as several with the same scale. */
  constructor(graph: GraphBuilder, compute: ComputeType, blockLimit = Infinity) {
    this.#graph = graph;
    this.#compute = compute;
    this.#blockLimit = blockLimit;
  }

  /**
   * input [..., inputs] -> [..., outputs], without bias, float32.
   * @param keepsType leave the result in the compute type.
   */
  add(input: string, linear: StoredLinear, keepsType = false): string {
    const turned = linear.isRotated ? this.turn(input, linear.inputs) : input;
    if (linear.format === 'w8a8') {
      const rounded = this.round(turned);
      return this.#graph.node('Mul', [this.multiplyRounded(rounded.values, linear), rounded.scale]);
    }
    const type = this.#compute;
    const x = type === 'float16' ? this.toHalf(turned) : turned;
    const output =
      linear.format === 'f32' || linear.format === 'f16'
        ? this.#graph.node('MatMul', [x, this.#dense(linear)])
        : this.#addBlocks(x, linear);
    return type === 'float16' && !keepsType ? this.cast(output, 'float32') : output;
  }

  /** x [n, columns] -> [n, rows] for a matrix stored row by row, as the embedding table is; float32. */
  addRows(x: string, rows: StoredWeight): string {
    const stored = this.#graph.weight(rows);
    const isStoredHalf = rows.type === 'float16';
    if (isStoredHalf && this.#compute === 'float16') {
      return this.cast(this.#graph.node('Gemm', [this.toHalf(x), stored], { transB: 1 }), 'float32');
    }
    return this.#graph.node('Gemm', [x, isStoredHalf ? this.cast(stored, 'float32') : stored], { transB: 1 });
  }

  cast(value: string, type: ComputeType): string {
    return this.#graph.node('Cast', [value], { to: CAST_TO[type] });
  }

  /** A float16 copy of a float32 value, added once. */
  toHalf(value: string): string {
    const known = this.#halves.get(value);
    if (known !== undefined) return known;
    const half = this.cast(value, 'float16');
    this.#halves.set(value, half);
    return half;
  }

  /** Declare that a value is float16 already. */
  markHalf(value: string): void {
    this.#halves.set(value, value);
    this.#isHalf.add(value);
  }

  /** The dense matrix in the compute type; onnxruntime folds the cast of a constant when it loads the model. */
  #dense(linear: StoredLinear): string {
    const stored = this.#graph.weight(linear.weight);
    const isHalf = linear.format === 'f16';
    return isHalf === (this.#compute === 'float16') ? stored : this.cast(stored, this.#compute);
  }

  #addBlocks(x: string, linear: StoredLinear): string {
    const graph = this.#graph;
    const { inputs, outputs, format, weight } = linear;
    const parts = Math.max(1, linear.blockSize! / this.#blockLimit);
    const [, blocks, blockBytes] = weight.dims;
    const scales = this.#repeatScales(linear.scales!, parts);
    return graph.node(
      'MatMulNBits',
      [
        x,
        graph.weight({ ...weight, dims: [outputs, blocks * parts, blockBytes / parts] }),
        this.#compute === 'float16' ? this.cast(scales, 'float16') : scales,
      ],
      {
        K: inputs,
        N: outputs,
        bits: format === 'q4' ? 4 : 8,
        block_size: linear.blockSize! / parts,
        accuracy_level: ACCURACY_LEVEL,
      },
      { domain: MICROSOFT },
    );
  }

  /** Scales [rows, blocks] as [rows, blocks * times], each of them `times` in a row; onnxruntime does it at load. */
  #repeatScales(scales: StoredWeight, times: number): string {
    const graph = this.#graph;
    const stored = graph.weight(scales);
    if (times === 1) return stored;
    const single = graph.node('Unsqueeze', [stored, graph.ints([-1])]);
    const repeated = graph.node('Concat', new Array<string>(times).fill(single), { axis: 2 });
    return graph.node('Reshape', [repeated, graph.ints([0, -1])]);
  }

  /** The input [b, s, inputs] of rotated linears as rotateRows turned their weights; float32. */
  turn(input: string, inputs: number): string {
    const known = this.#turned.get(input);
    if (known !== undefined) return known;
    const graph = this.#graph;
    const side = rotationSide(inputs);
    const matrix = graph.matrix(`hadamard.${side}`, hadamardMatrix(side), [side, side]);
    const value = this.#isHalf.has(input) ? this.cast(input, 'float32') : input;
    const neighbours = graph.node('Reshape', [value, graph.ints([0, 0, inputs / side, side])]);
    const once = graph.node('MatMul', [neighbours, matrix]);
    const apart = graph.node('Reshape', [once, graph.ints([0, 0, side, inputs / side])]);
    const twice = graph.node('MatMul', [matrix, apart]);
    const turned = graph.node('Reshape', [twice, graph.ints([0, 0, inputs])]);
    this.#turned.set(input, turned);
    return turned;
  }

  /** Values [b, s, inputs] as `w8a8` linears take them, rounded once for all of these. */
  round(input: string): RoundedValues {
    const known = this.#rounded.get(input);
    if (known) return known;
    const rounded = roundPerToken(this.#graph, [input]);
    this.#rounded.set(input, rounded);
    return rounded;
  }

  /** The product of rounded values with a `w8a8` matrix, [b, s, outputs], as if the values' scale were 1. */
  multiplyRounded(values: string, { weight, scales }: StoredLinear): string {
    const graph = this.#graph;
    return graph.node(
      'MatMulIntegerToFloat',
      [values, graph.weight(weight), graph.floats([1]), graph.weight(scales!), graph.byte(128)],
      {},
      { domain: MICROSOFT },
    );
  }
}
