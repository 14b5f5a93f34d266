import type { TextSpec } from '../../base/model-spec.js';
import type { SequenceId, StepLogits } from './loaded-model.js';
import type { InferenceSession, Tensor } from './onnx-session.js';

/** Added to the score of a cache slot that does not count; also fits into float16. exp(-60000) is 0. */
export const MASKED = -60_000;

/** New positions of a sequence in one run are at most this many: a longer draft is seldom right to its end. */
const MAX_TOKENS_PER_RUN = 16;

/** One sequence's part of a step. */
export interface DecoderRow {
  readonly sequence: SequenceId;
  /** Its new positions, 1 to the decoder's tokensPerRun. */
  readonly count: number;
  /** How many of the last of them logits are wanted for. */
  readonly wanted: number;
  /** Only logits of location and segmentation tokens are needed. */
  readonly isLocSeg: boolean;
}

/** The decoder on some device: embeddings in, logits out. One call at a time. */
export interface Decoder {
  readonly maxSequences: number;
  /** New positions of a sequence that a step may have: 1 in models of the first version. */
  readonly tokensPerRun: number;
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
   * Append new positions, each of which sees those before it.
   * @param rows of distinct sequences that are alive.
   * @param embeddings [rows, largest count, hidden]; what a row has beyond its count is arbitrary.
   * @returns for each row the wanted logits, in the order of positions.
   */
  step(rows: readonly DecoderRow[], embeddings: Float32Array): Promise<StepLogits[][]>;
  /** Forget a sequence's last `count` positions. */
  shorten(sequence: SequenceId, count: number): void;
  release(sequence: SequenceId): void;
  close(): Promise<void>;
}

/** Split the outputs of a head by their rows. */
export function readLogits(outputs: Readonly<Record<string, Tensor>>): StepLogits[] {
  const ids = outputs.top_ids.data as BigInt64Array;
  const values = outputs.top_values.data as Float32Array;
  const lse = outputs.lse.data as Float32Array;
  const special = outputs.loc_seg_logits.data as Float32Array;
  const rows = lse.length;
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
 * The mask of `count` new positions over themselves, [1, 1, heads * count, count]: each sees those before it, not
 * those after, the same for every head.
 */
export function makeCausalMask(heads: number, count: number): Float32Array {
  const mask = new Float32Array(heads * count * count);
  for (let row = 0; row < heads * count; row++) {
    mask.fill(MASKED, row * count + (row % count) + 1, (row + 1) * count);
  }
  return mask;
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

/** What each new position of a model with a window sees of the cache: [rows, 1, newRows, capacity]. */
export function makeSlidingMask(
  lengths: readonly number[],
  count: number,
  newRows: number,
  capacity: number,
  window: number,
): Float32Array {
  const mask = new Float32Array(lengths.length * newRows * capacity);
  lengths.forEach((length, row) => {
    for (let i = 0; i < newRows; i++) {
      // A position later in the run sees less of the cache, which has none of the run's own.
      const at = row * newRows + i;
      fillMaskRow(mask, at, capacity, length, window - (i % count));
    }
  });
  return mask;
}

/** Of the logits of all positions, row by row, those that are wanted. */
export function cutWanted(all: readonly StepLogits[], rows: readonly DecoderRow[]): StepLogits[][] {
  const given = all.length / rows.length;
  return rows.map(({ count, wanted }, row) => all.slice(row * given + count - wanted, row * given + count));
}

/** New positions that one run of a graph takes for a sequence; more than the window holds would see too much. */
export function tokensPerRun(
  { inputNames }: InferenceSession,
  { slidingWindow = Infinity }: TextSpec,
): number {
  return inputNames.includes('kept') ? Math.min(MAX_TOKENS_PER_RUN, slidingWindow) : 1;
}
