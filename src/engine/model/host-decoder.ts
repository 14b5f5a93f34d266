import type { TextSpec } from '../../base/model-spec.js';
import { type Decoder, fillMaskRow, listCacheNames, MASKED, readLogits } from './decoder.js';
import { KvCache } from './kv-cache.js';
import type { SequenceId, StepLogits } from './loaded-model.js';
import {
  boolTensor,
  floatTensor,
  halfTensor,
  type InferenceSession,
  int32Tensor,
  intTensor,
  type Tensor,
} from './onnx-session.js';

/** Sequences decoded together. Eight cost little more than one in int8; more would cost memory for no speed. */
const MAX_SEQUENCES = 8;
/** CUDA must not be given empty tensors: a prefill there sees this many masked slots instead of none. */
const MASKED_SLOTS = 32;

/** How the graph wants its cache; see weights/graph/decoder-graph's forms. */
export interface HostDecoderOptions {
  /** The `cpu` form, which tells a prefill from a step; otherwise the `cuda` form. */
  readonly hasPrefillBranch: boolean;
  /** The cache is float16. */
  readonly isHalf: boolean;
}

/**
 * The decoder with its cache in this process's memory: each run brings new rows, which are copied into it.
 * Sequences start and end at any time; a step takes any of them.
 */
export class HostDecoder implements Decoder {
  readonly maxSequences = MAX_SEQUENCES;
  readonly #cache: KvCache;
  readonly #names: readonly string[];
  /** Sequence in each row, and how many positions it has. */
  readonly #alive: { readonly sequence: SequenceId; length: number }[] = [];
  #nextSequence = 1;

  constructor(
    private readonly session: InferenceSession,
    private readonly text: TextSpec,
    private readonly options: HostDecoderOptions,
  ) {
    this.#cache = new KvCache(text, options.isHalf);
    this.#names = listCacheNames(text);
  }

  canStart(): boolean {
    return this.#alive.length < MAX_SEQUENCES;
  }

  async prefill(
    embeddings: Float32Array,
    length: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }> {
    const outputs = await this.session.run({
      inputs_embeds: floatTensor(embeddings, [1, length, this.text.hiddenSize]),
      position_ids: intTensor(
        Array.from({ length }, (_, position) => position),
        [1, length],
      ),
      ...this.#prefillInputs(length),
    });
    const row = this.#alive.length;
    this.#cache.reserve(row + 1, length + 1);
    this.#keepNewRows(outputs, 0, row, 0, length);
    const sequence = this.#nextSequence++;
    this.#alive.push({ sequence, length });
    return { sequence, logits: readLogits(outputs, 1)[0] };
  }

  async step(sequences: readonly SequenceId[], embeddings: Float32Array): Promise<StepLogits[]> {
    const count = sequences.length;
    sequences.forEach((sequence, row) => this.#moveTo(sequence, row));
    const rows = this.#alive.slice(0, count);
    this.#cache.reserve(this.#alive.length, Math.max(...rows.map((row) => row.length)) + 1);
    const outputs = await this.session.run({
      inputs_embeds: floatTensor(embeddings, [count, 1, this.text.hiddenSize]),
      position_ids: intTensor(
        rows.map((row) => row.length),
        [count, 1],
      ),
      ...this.#stepInputs(rows.map((row) => row.length)),
    });
    rows.forEach((row, index) => {
      this.#keepNewRows(outputs, index, index, row.length, 1);
      row.length += 1;
    });
    return readLogits(outputs, count);
  }

  release(sequence: SequenceId): void {
    this.#moveTo(sequence, this.#alive.length - 1);
    this.#alive.pop();
    if (this.#alive.length === 0) this.#cache.clear();
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  #prefillInputs(length: number): Record<string, Tensor> {
    const slots = this.options.hasPrefillBranch ? 0 : MASKED_SLOTS;
    const { keyValueHeads, headDim } = this.text;
    const size = keyValueHeads * slots * headDim;
    const past = this.#pastTensors(
      () => (this.options.isHalf ? new Uint16Array(size) : new Float32Array(size)),
      1,
      slots,
    );
    const mask = floatTensor(new Float32Array(slots).fill(MASKED), [1, 1, 1, slots]);
    return { ...past, ...this.#maskInputs(mask, mask), ...this.#branchInputs(true, [length - 1], length) };
  }

  #stepInputs(lengths: readonly number[]): Record<string, Tensor> {
    const { capacity } = this.#cache;
    const count = lengths.length;
    const past = this.#pastTensors((name) => this.#cache.view(name, count), count, capacity);
    const makeMask = (window?: number): Tensor => {
      const mask = new Float32Array(count * capacity);
      lengths.forEach((length, row) => fillMaskRow(mask, row, capacity, length, window));
      return floatTensor(mask, [count, 1, 1, capacity]);
    };
    const mask = makeMask();
    const sliding = this.text.slidingWindow === undefined ? mask : makeMask(this.text.slidingWindow);
    return {
      ...past,
      ...this.#maskInputs(mask, sliding),
      ...this.#branchInputs(false, lengths, Math.max(...lengths) + 1),
    };
  }

  #pastTensors(
    valuesOf: (name: string) => Float32Array | Uint16Array,
    rows: number,
    slots: number,
  ): Record<string, Tensor> {
    const dims = [rows, this.text.keyValueHeads, slots, this.text.headDim];
    const entries = this.#names.map((name) => {
      const values = valuesOf(name);
      return [
        `past.${name}`,
        values instanceof Uint16Array ? halfTensor(values, dims) : floatTensor(values, dims),
      ];
    });
    return Object.fromEntries(entries) as Record<string, Tensor>;
  }

  #maskInputs(mask: Tensor, sliding: Tensor): Record<string, Tensor> {
    return { past_mask: mask, ...(this.text.slidingWindow === undefined ? {} : { sliding_mask: sliding }) };
  }

  #branchInputs(isPrefill: boolean, lastPositions: readonly number[], total: number): Record<string, Tensor> {
    if (!this.options.hasPrefillBranch) return {};
    return {
      is_prefill: boolTensor(isPrefill),
      seqlens_k: int32Tensor(lastPositions, [lastPositions.length]),
      total: int32Tensor([total], [1]),
    };
  }

  #keepNewRows(
    outputs: Readonly<Record<string, Tensor>>,
    batchRow: number,
    row: number,
    slot: number,
    count: number,
  ): void {
    for (const name of this.#names) {
      const data = outputs[`new.${name}`].data as Float32Array | Uint16Array;
      // Where Node has Float16Array, the binding returns one; its bits are what the cache keeps.
      const values =
        data instanceof Float32Array
          ? data
          : new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
      this.#cache.write(name, row, slot, values, batchRow, count);
    }
  }

  /** Exchange rows so that a sequence is in row `to`. */
  #moveTo(sequence: SequenceId, to: number): void {
    const from = this.#alive.findIndex((row) => row.sequence === sequence);
    if (from === to) return;
    this.#cache.swapRows(from, to);
    [this.#alive[from], this.#alive[to]] = [this.#alive[to], this.#alive[from]];
  }
}
