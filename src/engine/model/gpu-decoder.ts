import type { TextSpec } from '../../base/model-spec.js';
import { type Decoder, fillMaskRow, listCacheNames, readLogits } from './decoder.js';
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
    const [logits] = await this.#run(embeddings, length, [{ row, length: 0 }]);
    const sequence = this.#nextSequence++;
    this.#alive.set(sequence, { row, length });
    return { sequence, logits: logits };
  }

  async step(sequences: readonly SequenceId[], embeddings: Float32Array): Promise<StepLogits[]> {
    const states = sequences.map((sequence) => this.#alive.get(sequence)!);
    const logits = await this.#run(embeddings, 1, states);
    for (const state of states) state.length += 1;
    return logits;
  }

  release(sequence: SequenceId): void {
    this.#alive.delete(sequence);
  }

  async close(): Promise<void> {
    this.#disposeCache();
    await this.session.release();
  }

  /** Run `count` new positions for each of these cache rows, which hold `length` positions so far. */
  async #run(
    embeddings: Float32Array,
    count: number,
    rows: readonly { readonly row: number; readonly length: number }[],
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
      past_mask: this.#makeMask(rows, count),
    };
    // A prefix is never cut by the window.
    const window = count === 1 ? this.text.slidingWindow : undefined;
    if (this.text.slidingWindow !== undefined) feeds.sliding_mask = this.#makeMask(rows, count, window);
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
    return readLogits(outputs, rows.length);
  }

  /** [rows, 1, 1, capacity]: what each row's last new position sees, itself included. */
  #makeMask(rows: readonly { readonly length: number }[], count: number, window?: number): Tensor {
    const mask = new Float32Array(rows.length * this.#capacity);
    rows.forEach(({ length }, row) => {
      const end = length + count;
      fillMaskRow(mask, row, this.#capacity, end, window === undefined ? undefined : window + 1);
    });
    return floatTensor(mask, [rows.length, 1, 1, this.#capacity]);
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
