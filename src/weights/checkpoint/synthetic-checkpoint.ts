import type { Checkpoint } from './open-checkpoint.js';
import type { CheckpointTensor } from './open-safetensors.js';
import { listTensors, type TensorTableSpec } from './tensor-table.js';

/** Values that are generated once and reused from a different offset for every tensor: 16 MiB. */
const NOISE_VALUES = 1 << 22;
/** Standard deviation of the weights, as small as in trained ones, so that nothing overflows. */
const NOISE_SCALE = 0.02;

/**
 * A checkpoint of these sizes that exists nowhere: its weights are noise, generated while they are read. Its answers
 * mean nothing, but it takes as long as a real one of the same sizes.
 */
export function makeSyntheticCheckpoint(spec: TensorTableSpec): Checkpoint {
  const noise = makeNoise();
  const tensors = new Map<string, CheckpointTensor>();
  let shift = 0;
  for (const { name, shape, isOptional } of listTensors(spec)) {
    if (isOptional) continue;
    const rowElements = shape.slice(1).reduce((product, size) => product * size, 1);
    const from = (shift = (shift + 104_729) % NOISE_VALUES);
    const readRows = async (start: number, count: number): Promise<Float32Array> => {
      const values = new Float32Array(count * rowElements);
      let at = (from + start * rowElements) % NOISE_VALUES;
      for (let done = 0; done < values.length;) {
        const length = Math.min(values.length - done, NOISE_VALUES - at);
        values.set(noise.subarray(at, at + length), done);
        done += length;
        at = 0;
      }
      return values;
    };
    tensors.set(name, {
      name,
      shape,
      readDtype: async () => 'F32',
      readRows,
      readRawRows: async (start, count) => new Uint8Array((await readRows(start, count)).buffer),
    });
  }
  return { folder: 'synthetic', tensors, files: [], close: async () => undefined };
}

/** A sum of three uniform numbers is close enough to a bell curve. */
function makeNoise(): Float32Array {
  const values = new Float32Array(NOISE_VALUES);
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  for (let i = 0; i < values.length; i++) values[i] = NOISE_SCALE * (next() + next() + next());
  return values;
}
