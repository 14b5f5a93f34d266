import { createRequire } from 'node:module';
import './disable-telemetry.js';
import './hide-float16-array.js';
import type * as Onnxruntime from 'onnxruntime-node';
import type { Device } from '../../base/dtype.js';
import { readQuota } from '../../base/machine/count-cores.js';
import { EngineError } from '../../base/errors.js';

// Not an import: those two must be evaluated before the native library is loaded, and in a file that holds many modules
// what is imported from packages comes first.
const { env, InferenceSession, Tensor } = createRequire(import.meta.url)(
  'onnxruntime-node',
) as typeof Onnxruntime;
type InferenceSession = Onnxruntime.InferenceSession;
type Tensor = Onnxruntime.Tensor;

/** onnxruntime's warnings are for its developers; 3 means errors only. */
const LOG_SEVERITY_ERROR = 3;

/**
 * Only tensors larger than 1 MiB begin at whole pages when onnxruntime writes them. Smaller ones would be mapped at any
 * address, which ends the process in kernels that load whole registers, so they are kept in the graph's own file.
 */
const ALIGNED_BYTES = String(2 ** 20 + 1);

/** What runs where, and how. */
export interface SessionOptions {
  readonly device: Device;
  /** Intra-op threads on the CPU; absent: the container's quota, or what onnxruntime takes. */
  readonly threads?: number;
  /** Outputs that stay in GPU memory. */
  readonly gpuOutputs?: readonly string[];
  /**
   * Leave the weights mapped instead of repacking them: fast to load and half the memory; costs about a tenth of a run
   * where hundreds of rows are multiplied at a time, as in the vision tower.
   */
  readonly keepsWeightsMapped?: boolean;
  /** Write the optimised graph here, with its weights as they were packed in a file of this name beside it. */
  readonly packsInto?: { readonly graphPath: string; readonly weightsName: string };
  /** The graph was written so: there is nothing left to optimise, and what was packed is mapped. */
  readonly isPacked?: boolean;
}

/**
 * How long a thread waits awake for the next node of a run, which most often comes within that time: a token of int4
 * takes 0.97 of what it takes with threads that sleep at once. Three times as long takes cores from other work: beside
 * one busy process a token takes 1.15 of that, and without a limit 1.5.
 */
const SPIN_MICROSECONDS = '50';

/** Version of onnxruntime. */
export const runtimeVersion = env.versions.node ?? env.versions.common;

/**
 * Load an ONNX model file, with its weights beside it.
 * @throws {EngineError} onnxruntime refuses: the device is not there, or the file is not for it.
 */
export async function createSession(path: string, options: SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      executionProviders: listProviders(options.device),
      logSeverityLevel: LOG_SEVERITY_ERROR,
      ...chooseThreads(options.threads),
      ...(options.gpuOutputs
        ? {
            preferredOutputLocation: Object.fromEntries(
              options.gpuOutputs.map((name) => [name, 'gpu-buffer']),
            ),
          }
        : {}),
      ...(options.packsInto && { optimizedModelFilePath: options.packsInto.graphPath }),
      ...(options.isPacked && { graphOptimizationLevel: 'disabled' }),
      extra: {
        session: {
          intra_op: { allow_spinning: '1', spin_duration_us: SPIN_MICROSECONDS },
          ...(options.keepsWeightsMapped ? { disable_prepacking: '1' } : {}),
          ...(options.packsInto && {
            optimized_model_external_initializers_file_name: options.packsInto.weightsName,
            optimized_model_external_initializers_min_size_in_bytes: ALIGNED_BYTES,
            save_external_prepacked_constant_initializers: '1',
          }),
        },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'SESSION_FAILED',
      `The model cannot be loaded on ${options.device}: ${firstLine(reason)}`,
      {
        cause,
      },
    );
  }
}

/** onnxruntime takes the physical cores, and knows no quota. */
function chooseThreads(threads: number | undefined): { intraOpNumThreads?: number } {
  const count = threads || readQuota();
  return count === undefined ? {} : { intraOpNumThreads: count };
}

function listProviders(device: Device): Onnxruntime.InferenceSession.ExecutionProviderConfig[] {
  if (device === 'cpu') return ['cpu'];
  // Simple buffers: less memory than the buckets that are the default, and no slower.
  if (device === 'webgpu')
    return [{ name: 'webgpu', storageBufferCacheMode: 'simple' } as { name: 'webgpu' }];
  return [device, 'cpu'];
}

/** The sentence in onnxruntime's message, without the place in its source that comes before. */
function firstLine(text: string): string {
  return text
    .trim()
    .split('\n')[0]
    .replace(/^.*? was false\. /, '')
    .slice(0, 300);
}

/** A float32 tensor over `values` (not copied). */
export function floatTensor(values: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', values, dims);
}

/** A float16 tensor over the bits in `values` (not copied). */
export function halfTensor(values: Uint16Array, dims: readonly number[]): Tensor {
  return new Tensor('float16', values, dims);
}

/** An int64 tensor. */
export function intTensor(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

/** An int32 tensor. */
export function int32Tensor(values: readonly number[], dims: readonly number[]): Tensor {
  return new Tensor('int32', Int32Array.from(values), dims);
}

/** A bool tensor of one element. */
export function boolTensor(value: boolean): Tensor {
  return new Tensor('bool', [value], [1]);
}

export type { InferenceSession, Tensor };
