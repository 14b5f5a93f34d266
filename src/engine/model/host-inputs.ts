import type { TextSpec } from '../../base/model-spec.js';
import { fillMaskRow, listCacheNames, makeCausalMask, makeSlidingMask, MASKED } from './decoder.js';
import type { KvCache } from './kv-cache.js';
import { boolTensor, floatTensor, halfTensor, int32Tensor, type Tensor } from './onnx-session.js';

/** CUDA must not be given empty tensors: a prefill there sees this many masked slots instead of none. */
const MASKED_SLOTS = 32;

/** What tells the forms of the graph apart: see HostDecoderOptions. */
interface GraphForm {
  readonly hasPrefillBranch: boolean;
  readonly isHalf: boolean;
}

/** What a run of the host's decoder reads beside its embeddings: the cache, and masks over it. */
export class HostInputs {
  readonly #names: readonly string[];

  constructor(
    private readonly text: TextSpec,
    private readonly options: GraphForm,
    private readonly cache: KvCache,
  ) {
    this.#names = listCacheNames(text);
  }

  /** Those of a run that holds a prefix of this length. */
  prefill(length: number): Record<string, Tensor> {
    const slots = this.options.hasPrefillBranch ? 0 : MASKED_SLOTS;
    const { keyValueHeads, headDim } = this.text;
    const size = keyValueHeads * slots * headDim;
    const past = this.#pastTensors(
      () => (this.options.isHalf ? new Uint16Array(size) : new Float32Array(size)),
      1,
      slots,
    );
    const mask = floatTensor(new Float32Array(slots).fill(MASKED), [1, 1, 1, slots]);
    return {
      ...past,
      ...this.#maskInputs(mask, mask),
      new_mask: floatTensor(new Float32Array(1), [1, 1, 1, 1]),
      ...this.#branchInputs(true, [length - 1], length),
    };
  }

  /** @param lengths positions that each row has. @param count new positions of each row. */
  step(lengths: readonly number[], count: number): Record<string, Tensor> {
    const { slidingWindow } = this.text;
    const { capacity } = this.cache;
    const rows = lengths.length;
    const past = this.#pastTensors((name) => this.cache.view(name, rows), rows, capacity);
    const headsPerKey = this.text.heads / this.text.keyValueHeads;
    const mask = new Float32Array(rows * capacity);
    lengths.forEach((length, row) => fillMaskRow(mask, row, capacity, length));
    const pastMask = floatTensor(mask, [rows, 1, 1, capacity]);
    const newRows = count === 1 ? 1 : headsPerKey * count;
    const newMask = count === 1 ? new Float32Array(1) : makeCausalMask(headsPerKey, count);
    return {
      ...past,
      ...this.#maskInputs(
        pastMask,
        slidingWindow === undefined
          ? pastMask
          : floatTensor(makeSlidingMask(lengths, count, newRows, capacity, slidingWindow), [
              rows,
              1,
              newRows,
              capacity,
            ]),
      ),
      new_mask: floatTensor(newMask, [1, 1, newRows, count]),
      ...this.#branchInputs(
        false,
        lengths.map((length) => length + count - 1),
        Math.max(...lengths) + count,
      ),
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
}
