import type { TextSpec } from '../../base/model-spec.js';
import { listCacheNames } from './decoder.js';

/** Slots are added in steps: attention pays for every slot, moving the cache is rare and cheap. */
const CAPACITY_STEP = 64;

type CacheArray = Float32Array | Uint16Array;

/**
 * Keys and values of the sequences that are alive, in this process's memory: for each layer [rows,
 * keyValueHeads, capacity, headDim]. The first rows are the alive ones, so a batch is a view, never a copy.
 */
export class KvCache {
  readonly #names: readonly string[];
  readonly #heads: number;
  readonly #headDim: number;
  readonly #isHalf: boolean;
  #arrays = new Map<string, CacheArray>();
  #rows = 0;
  #capacity = 0;

  /** @param isHalf the elements are float16 bits. */
  constructor(text: TextSpec, isHalf: boolean) {
    this.#names = listCacheNames(text);
    this.#heads = text.keyValueHeads;
    this.#headDim = text.headDim;
    this.#isHalf = isHalf;
  }

  /** Slots of a row. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Make room for this many rows and slots, keeping the content. */
  reserve(rows: number, slots: number): void {
    const capacity = Math.max(this.#capacity, Math.ceil(slots / CAPACITY_STEP) * CAPACITY_STEP);
    const count = Math.max(this.#rows, rows);
    if (capacity === this.#capacity && count === this.#rows) return;
    for (const name of this.#names)
      this.#arrays.set(name, this.#grow(this.#arrays.get(name), count, capacity));
    this.#rows = count;
    this.#capacity = capacity;
  }

  /** Forget everything and give the memory back. */
  clear(): void {
    this.#arrays = new Map();
    this.#rows = 0;
    this.#capacity = 0;
  }

  /** The first `rows` rows of one layer's keys or values. */
  view(name: string, rows: number): CacheArray {
    return this.#arrays.get(name)!.subarray(0, rows * this.#heads * this.#capacity * this.#headDim);
  }

  /**
   * Write new positions of one row.
   * @param values [batch, keyValueHeads, given, headDim] as the graph gives them.
   * @param batchRow which of the batch.
   * @param count how many of the given positions, from the first, are kept.
   */
  write(
    name: string,
    row: number,
    slot: number,
    values: CacheArray,
    batchRow: number,
    count: number,
    given = count,
  ): void {
    const array = this.#arrays.get(name)!;
    const size = count * this.#headDim;
    for (let head = 0; head < this.#heads; head++) {
      const from = (batchRow * this.#heads + head) * given * this.#headDim;
      const to = ((row * this.#heads + head) * this.#capacity + slot) * this.#headDim;
      array.set(values.subarray(from, from + size), to);
    }
  }

  swapRows(a: number, b: number): void {
    const size = this.#heads * this.#capacity * this.#headDim;
    for (const array of this.#arrays.values()) {
      const kept = array.slice(a * size, (a + 1) * size);
      array.copyWithin(a * size, b * size, (b + 1) * size);
      array.set(kept, b * size);
    }
  }

  #grow(old: CacheArray | undefined, rows: number, capacity: number): CacheArray {
    const size = rows * this.#heads * capacity * this.#headDim;
    const array = this.#isHalf ? new Uint16Array(size) : new Float32Array(size);
    const from = this.#capacity * this.#headDim;
    for (let head = 0; old && head < this.#rows * this.#heads; head++) {
      array.set(old.subarray(head * from, (head + 1) * from), head * capacity * this.#headDim);
    }
    return array;
  }
}
