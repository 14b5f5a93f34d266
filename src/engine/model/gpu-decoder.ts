import type { TextSpec } from '../../base/model-spec.js';
import {
  cutWanted,
  type Decoder,
  type DecoderRow,
  fillMaskRow,
  listCacheNames,
  readLogits,
  tokensPerRun,
} from './decoder.js';
import type { SequenceId, StepLogits } from './loaded-model.js';
import { floatTensor, type InferenceSession, intTensor, type Tensor } from './onnx-session.js';

/** Maximum number of sequences decoded together. */
const MAX_SEQUENCES = 8;
/** Most memory for the cache's rows: PaliGemma 3B at 448 px needs 50 MB a row, PaliGemma 2 280 MB. */
const CACHE_BYTES = 2 ** 30;
/** Slots beyond the picture that every row has: a prompt and the longest default answer (512) fit. */
const EXTRA_SLOTS = 640;
const CAPACITY_STEP = 64;

/**
 * The decoder with its cache in GPU memory. The cache has fixed rows and slots: it is recreated, larger, only while
 * no sequence is alive (a GPU tensor cannot be read back through the binding).
 */
export class GpuDecoder implements Decoder {
  readonly maxSequences: number;
  readonly tokensPerRun: number;
  readonly #names: readonly string[];
  readonly #usualSlots: number;
  readonly #cache = new Map<string, Tensor>();
  /** Sequence -> its cache row and length. */
  readonly #alive = new Map<SequenceId, { readonly row: number; length: number }>();
  #capacity = 0;
  #nextSequence = 1;

  /** @param imageTokens of one picture. */
  constructor(
    private readonly session: InferenceSession,
    private readonly text: TextSpec,
    imageTokens: number,
  ) {
    this.#names = listCacheNames(text);
    this.tokensPerRun = tokensPerRun(session, text);
    this.#usualSlots = roundUp(imageTokens + EXTRA_SLOTS);
    const rowBytes = this.#names.length * text.keyValueHeads * this.#usualSlots * text.headDim * 4;
    this.maxSequences = Math.max(1, Math.min(MAX_SEQUENCES, Math.floor(CACHE_BYTES / rowBytes)));
  }

  canStart(prefixLength: number, maxNewTokens: number): boolean {
    if (this.#alive.size === 0) return true;
    return this.#alive.size < this.maxSequences && prefixLength + maxNewTokens <= this.#capacity;
  }

  async prefill(
    embeddings: Float32Array,
    length: number,
    maxNewTokens: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }> {
    if (length + maxNewTokens > this.#capacity)
      this.#makeCache(Math.max(this.#usualSlots, roundUp(length + maxNewTokens)));
    const used = new Set([...this.#alive.values()].map((state) => state.row));
    const row = Array.from({ length: this.maxSequences }, (_, index) => index).find(
      (index) => !used.has(index),
    )!;
    const [logits] = await this.#run(embeddings, length, [{ row, length: 0 }], true);
    const sequence = this.#nextSequence++;
    this.#alive.set(sequence, { row, length });
    return { sequence, logits: logits };
  }

  async step(rows: readonly DecoderRow[], embeddings: Float32Array): Promise<StepLogits[][]> {
    const states = rows.map(({ sequence }) => this.#alive.get(sequence)!);
    const count = Math.max(...rows.map((row) => row.count));
    const logits = await this.#run(embeddings, count, states, false);
    states.forEach((state, index) => (state.length += rows[index].count));
    return cutWanted(logits, rows);
  }

  shorten(sequence: SequenceId, count: number): void {
    this.#alive.get(sequence)!.length -= count;
  }

  release(sequence: SequenceId): void {
    this.#alive.delete(sequence);
  }

  async close(): Promise<void> {
    this.#disposeCache();
    await this.session.release();
  }

  /**
   * Run `count` new positions for each of these cache rows, which hold `length` positions so far. Of a prefix, whose
   * positions all see each other, the last one's logits come back; of others all.
   */
  async #run(
    embeddings: Float32Array,
    count: number,
    rows: readonly { readonly row: number; readonly length: number }[],
    isPrefix: boolean,
  ): Promise<StepLogits[]> {
    const positions = rows.flatMap(({ length }) => Array.from({ length: count }, (_, i) => length + i));
    const slots = rows.flatMap(({ row, length }) =>
      Array.from({ length: count * this.text.keyValueHeads }, (_, i) => [
        row,
        i % this.text.keyValueHeads,
        length + Math.floor(i / this.text.keyValueHeads),
      ]).flat(),
    );
    const feeds: Record<string, Tensor> = {
      inputs_embeds: floatTensor(embeddings, [rows.length, count, this.text.hiddenSize]),
      position_ids: intTensor(positions, [rows.length, count]),
      slot: intTensor(slots, [slots.length / 3, 3]),
      rows: intTensor(
        rows.map(({ row }) => row),
        [rows.length],
      ),
      past_mask: this.#makeMask(rows, count, isPrefix),
    };
    if (this.tokensPerRun > 1) {
      const kept = isPrefix ? [count - 1] : Array.from({ length: count }, (_, i) => i);
      feeds.kept = intTensor(kept, [kept.length]);
    }
    // A prefix is never cut by the window.
    const window = isPrefix ? undefined : this.text.slidingWindow;
    if (this.text.slidingWindow !== undefined) {
      feeds.sliding_mask = this.#makeMask(rows, count, isPrefix, window);
    }
    const fetches: Record<string, Tensor | null> = {
      top_ids: null,
      top_values: null,
      lse: null,
      loc_seg_logits: null,
    };
    for (const [name, tensor] of this.#cache) {
      feeds[`past.${name}`] = tensor;
      // Written in place; the first run moves the zeros from the CPU into a GPU buffer.
      fetches[`present.${name}`] = tensor.location === 'gpu-buffer' ? tensor : null;
    }
    const outputs = await this.session.run(feeds, fetches);
    for (const name of this.#names) this.#cache.set(name, outputs[`present.${name}`]);
    return readLogits(outputs);
  }

  /**
   * [rows, 1, q, capacity]: what new positions see, themselves included. q is 1 for a prefix and for one position, else
   * all of them for each head.
   */
  #makeMask(
    rows: readonly { readonly length: number }[],
    count: number,
    isPrefix: boolean,
    window?: number,
  ): Tensor {
    const { heads, keyValueHeads } = this.text;
    const views = isPrefix || count === 1 ? 1 : (heads / keyValueHeads) * count;
    const mask = new Float32Array(rows.length * views * this.#capacity);
    rows.forEach(({ length }, row) => {
      for (let view = 0; view < views; view++) {
        const end = length + (views === 1 ? count : (view % count) + 1);
        const first = window === undefined ? undefined : window + 1;
        fillMaskRow(mask, row * views + view, this.#capacity, end, first);
      }
    });
    return floatTensor(mask, [rows.length, 1, views, this.#capacity]);
  }

  #makeCache(slots: number): void {
    this.#disposeCache();
    this.#capacity = slots;
    const dims = [this.maxSequences, this.text.keyValueHeads, slots, this.text.headDim];
    const size = dims.reduce((product, dim) => product * dim, 1);
    for (const name of this.#names) this.#cache.set(name, floatTensor(new Float32Array(size), dims));
  }

  #disposeCache(): void {
    for (const tensor of this.#cache.values()) if (tensor.location === 'gpu-buffer') tensor.dispose();
    this.#cache.clear();
  }
}

function roundUp(slots: number): number {
  return Math.ceil(slots / CAPACITY_STEP) * CAPACITY_STEP;
}
