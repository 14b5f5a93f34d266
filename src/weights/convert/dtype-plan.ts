import type { Dtype } from '../../base/dtype.js';
import type { DecoderForm } from '../graph/decoder-graph.js';
import type { TensorDtype } from '../checkpoint/safetensors-header.js';
import type { LinearFormat } from '../graph/store-linear.js';
import type { VisionForm } from '../graph/vision-graph.js';

/** Vision weights in one format, and the graph forms that use them. */
export interface VisionPlan {
  /** Weight file. */
  readonly file: string;
  readonly format: LinearFormat;
  readonly forms: readonly VisionForm[];
}

/** How each part of a model is stored for a dtype. Norms, biases, positions and the patch convolution: float32. */
export interface DtypePlan {
  readonly vision: readonly VisionPlan[];
  /** All attention and MLP matrices of the decoder but one. */
  readonly text: LinearFormat;
  /** The MLP's down projection: its inputs have outliers that one scale per token does not survive. */
  readonly down: LinearFormat;
  /** `q8`, or `rows`: the embedding table itself. */
  readonly head: 'q8' | 'rows';
  readonly decoderForms: readonly DecoderForm[];
  /** Element type of the embedding rows for a checkpoint's element type. */
  embedding(source: TensorDtype): TensorDtype;
}

const keepHalves = (source: TensorDtype): TensorDtype => (source === 'F32' ? 'F16' : source);

/**
 * The plans. `int8`: matrices multiply with activations rounded per token, 2 to 3 times the prefill speed of
 * int4 on a CPU; no GPU kernels. `int4`: a dense copy of the vision tower for GPUs beside the CPU's.
 */
export const dtypePlans: Readonly<Record<Dtype, DtypePlan>> = {
  fp32: {
    vision: [{ file: 'vision.data', format: 'f32', forms: ['cpu', 'webgpu', 'cuda'] }],
    text: 'f32',
    down: 'f32',
    head: 'rows',
    decoderForms: ['cpu', 'webgpu', 'cuda'],
    embedding: () => 'F32',
  },
  fp16: {
    vision: [{ file: 'vision.data', format: 'f16', forms: ['cpu', 'webgpu', 'cuda'] }],
    text: 'f16',
    down: 'f16',
    head: 'rows',
    decoderForms: ['cpu', 'webgpu', 'webgpu-f16', 'cuda'],
    embedding: () => 'F16',
  },
  int8: {
    vision: [{ file: 'vision.data', format: 'w8a8', forms: ['cpu'] }],
    text: 'w8a8',
    down: 'q8',
    head: 'q8',
    decoderForms: ['cpu'],
    embedding: keepHalves,
  },
  int4: {
    vision: [
      { file: 'vision.cpu.data', format: 'w8a8', forms: ['cpu'] },
      { file: 'vision.gpu.data', format: 'f16', forms: ['webgpu', 'cuda'] },
    ],
    text: 'q4',
    down: 'q4',
    head: 'q8',
    decoderForms: ['cpu', 'webgpu', 'webgpu-f16', 'cuda'],
    embedding: keepHalves,
  },
};
