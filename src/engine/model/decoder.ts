import type { TextSpec } from '../../base/model-spec.js';
import type { SequenceId, StepLogits } from './loaded-model.js';
import type { Tensor } from './onnx-session.js';

/** Added to the score of a cache slot that does not count; also fits into float16. exp(-60000) is 0. */
export const MASKED = -60_000;

/** The decoder on some device: embeddings in, logits out. One call at a time. */
export interface Decoder {
  readonly maxSequences: number;
  /** Whether a sequence of this many prefix positions and new tokens can start besides those that are alive. */
  canStart(prefixLength: number, maxNewTokens: number): boolean;
  /**
   * @param embeddings [length, hidden].
   * @param maxNewTokens room to keep for the answer.
   */
  prefill(
    embeddings: Float32Array,
    length: number,
    maxNewTokens: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }>;
  /**
   * @param sequences distinct and alive.
   * @param embeddings [sequences, hidden], one token each.
   */
  step(sequences: readonly SequenceId[], embeddings: Float32Array): Promise<StepLogits[]>;
  release(sequence: SequenceId): void;
  close(): Promise<void>;
}

/** Split a run's outputs by batch row. */
export function readLogits(outputs: Readonly<Record<string, Tensor>>, rows: number): StepLogits[] {
  const ids = outputs.top_ids.data as BigInt64Array;
  const values = outputs.top_values.data as Float32Array;
  const lse = outputs.lse.data as Float32Array;
  const special = outputs.loc_seg_logits.data as Float32Array;
  const top = ids.length / rows;
  const width = special.length / rows;
  return Array.from({ length: rows }, (_, row) => ({
    topIds: Int32Array.from(ids.subarray(row * top, (row + 1) * top), Number),
    topValues: values.slice(row * top, (row + 1) * top),
    logSumExp: lse[row],
    locSegLogits: special.slice(row * width, (row + 1) * width),
  }));
}

/**
 * Fill one row of a mask over `capacity` cache slots for a token at `position`, its own slot not counted:
 * earlier ones 0, the rest MASKED; with a window, only the last window - 1 of the earlier ones.
 */
export function fillMaskRow(
  mask: Float32Array,
  row: number,
  capacity: number,
  position: number,
  window?: number,
): void {
  const start = row * capacity;
  const first = window === undefined ? 0 : Math.max(0, position - window + 1);
  mask.fill(MASKED, start, start + capacity);
  mask.fill(0, start + first, start + position);
}

/** Names of a cache's tensors without their prefix: `0.k`, `0.v`, `1.k` ... */
export function listCacheNames(text: TextSpec): string[] {
  return Array.from({ length: text.layers }, (_, layer) => [`${layer}.k`, `${layer}.v`]).flat();
}
