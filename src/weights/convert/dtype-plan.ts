import type { Dtype } from '../../base/dtype.js';
import type { DecoderForm } from '../graph/decoder-graph.js';
import type { TensorDtype } from '../checkpoint/safetensors-header.js';
import type { LinearPlan } from '../graph/linear-plan.js';
import type { VisionForm } from '../graph/vision-graph.js';

/** Vision weights in one format, and the graph forms that use them. */
export interface VisionPlan {
  /** Weight file. */
  readonly file: string;
  readonly matrices: LinearPlan;
  readonly forms: readonly VisionForm[];
}

/** The decoder's weights in one format, and the graph forms that use them. */
export interface DecoderPlan {
  /** Weight file. */
  readonly file: string;
  readonly attention: LinearPlan;
  readonly mlp: LinearPlan;
  readonly forms: readonly DecoderForm[];
}

/** How each part of a model is stored for a dtype. Norms, biases, positions and the patch convolution: float32. */
export interface DtypePlan {
  readonly vision: readonly VisionPlan[];
  /** The first one's file holds the head too. */
  readonly decoders: readonly DecoderPlan[];
  /** Blocks of 8 bits, or `rows`: the embedding table itself. */
  readonly head: LinearPlan | 'rows';
  /** A copy of the head that the CPU reads whole, to see which rows of the head it needs. */
  readonly ranking?: LinearPlan;
  /** Element type of the embedding rows for a checkpoint's element type. */
  embedding(source: TensorDtype): TensorDtype;
}

const keepHalves = (source: TensorDtype): TensorDtype => (source === 'F32' ? 'F16' : source);

const w8a8: LinearPlan = { format: 'w8a8' };
const rotatedW8a8: LinearPlan = { format: 'w8a8', isRotated: true };
/** As onnxruntime has kernels for on every device. */
const headQ8: LinearPlan = { format: 'q8', blockSize: 32 };
/** Eight bits for the attention's matrices cost 8 % more bytes a token and take a third of the error. */
const rotatedQ8: LinearPlan = { format: 'q8', blockSize: 128, isRotated: true };
const rotatedQ4: LinearPlan = { format: 'q4', blockSize: 256, isRotated: true };

const dense = (format: 'f32' | 'f16', forms: readonly DecoderForm[]): DecoderPlan => ({
  file: 'decoder.data',
  attention: { format },
  mlp: { format },
  forms,
});

/**
 * The plans. `int8`: matrices multiply with activations rounded per token, 1.7 times the prefill speed of int4 on a
 * CPU; no GPU kernels. `int4`: a dense copy of the vision tower for GPUs beside the CPU's. `int8-int4`: int4's decoder
 * for tokens and int8's for prompts, on the CPU. docs/performance.md says what their rounding costs.
 */
export const dtypePlans: Readonly<Record<Dtype, DtypePlan>> = {
  fp32: {
    vision: [{ file: 'vision.data', matrices: { format: 'f32' }, forms: ['cpu', 'webgpu', 'cuda'] }],
    decoders: [dense('f32', ['cpu', 'webgpu', 'cuda'])],
    head: 'rows',
    embedding: () => 'F32',
  },
  fp16: {
    vision: [{ file: 'vision.data', matrices: { format: 'f16' }, forms: ['cpu', 'webgpu', 'cuda'] }],
    decoders: [dense('f16', ['cpu', 'webgpu', 'webgpu-f16', 'cuda'])],
    head: 'rows',
    embedding: () => 'F16',
  },
  int8: {
    vision: [{ file: 'vision.data', matrices: w8a8, forms: ['cpu'] }],
    decoders: [{ file: 'decoder.data', attention: rotatedW8a8, mlp: rotatedW8a8, forms: ['cpu'] }],
    head: headQ8,
    ranking: rotatedQ4,
    embedding: keepHalves,
  },
  int4: {
    vision: [
      { file: 'vision.cpu.data', matrices: w8a8, forms: ['cpu'] },
      { file: 'vision.gpu.data', matrices: { format: 'f16' }, forms: ['webgpu', 'cuda'] },
    ],
    decoders: [
      {
        file: 'decoder.data',
        attention: rotatedQ8,
        mlp: rotatedQ4,
        forms: ['cpu', 'webgpu', 'webgpu-f16', 'cuda'],
      },
    ],
    head: headQ8,
    ranking: rotatedQ4,
    embedding: keepHalves,
  },
  'int8-int4': {
    vision: [{ file: 'vision.data', matrices: w8a8, forms: ['cpu'] }],
    decoders: [
      { file: 'decoder.data', attention: rotatedQ8, mlp: rotatedQ4, forms: ['cpu-step'] },
      { file: 'decoder.prefill.data', attention: rotatedW8a8, mlp: rotatedW8a8, forms: ['cpu-prefill'] },
    ],
    head: headQ8,
    ranking: rotatedQ4,
    embedding: keepHalves,
  },
};
