import type { TextSpec } from '../../base/model-spec.js';
import {
  cutWanted,
  type Decoder,
  type DecoderRow,
  listCacheNames,
  readLogits,
  tokensPerRun,
} from './decoder.js';
import type { Head } from './head.js';
import { HostInputs } from './host-inputs.js';
import { KvCache } from './kv-cache.js';
import type { RunnableSession } from './late-packing.js';
import type { SequenceId, StepLogits } from './loaded-model.js';
import { floatTensor, type InferenceSession, intTensor, type Tensor } from './onnx-session.js';

/** Sequences decoded together. Eight cost little more than one in int8; more would cost memory for no speed. */
const MAX_SEQUENCES = 8;

/** How the graph wants its cache; see weights/graph/decoder-graph's forms. */
export interface HostDecoderOptions {
  /** The `cpu` form, which tells a prefill from a step; otherwise the `cuda` form. */
  readonly hasPrefillBranch: boolean;
  /** The cache is float16. */
  readonly isHalf: boolean;
  /** Reads prefixes in place of the session that takes the steps. */
  readonly prefill?: RunnableSession | undefined;
  /** Where the graphs end before it. */
  readonly head?: Head | undefined;
}

/**
 * The decoder with its cache in this process's memory: each run brings new rows, which are copied into it.
 * Sequences start and end at any time; a step takes any of them.
 */
export class HostDecoder implements Decoder {
  readonly maxSequences = MAX_SEQUENCES;
  readonly tokensPerRun: number;
  readonly #cache: KvCache;
  readonly #inputs: HostInputs;
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
    this.#inputs = new HostInputs(text, options, this.#cache);
    this.#names = listCacheNames(text);
    this.tokensPerRun = tokensPerRun(session, text);
  }

  canStart(): boolean {
    return this.#alive.length < MAX_SEQUENCES;
  }

  async prefill(
    embeddings: Float32Array,
    length: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }> {
    const outputs = await run(this.options.prefill ?? this.session, {
      inputs_embeds: floatTensor(embeddings, [1, length, this.text.hiddenSize]),
      position_ids: intTensor(
        Array.from({ length }, (_, position) => position),
        [1, length],
      ),
      kept: intTensor([length - 1], [1]),
      ...this.#inputs.prefill(length),
    });
    const row = this.#alive.length;
    this.#cache.reserve(row + 1, length + 1);
    this.#keepNewRows(outputs, 0, row, 0, length, length);
    const sequence = this.#nextSequence++;
    const [[logits]] = await this.#readLogits(outputs, [{ sequence, count: 1, wanted: 1, isLocSeg: false }]);
    this.#alive.push({ sequence, length });
    return { sequence, logits };
  }

  async step(rows: readonly DecoderRow[], embeddings: Float32Array): Promise<StepLogits[][]> {
    rows.forEach(({ sequence }, row) => this.#moveTo(sequence, row));
    const alive = this.#alive.slice(0, rows.length);
    const lengths = alive.map(({ length }) => length);
    const count = Math.max(...rows.map((row) => row.count));
    this.#cache.reserve(this.#alive.length, Math.max(...lengths) + count);
    const outputs = await run(this.session, {
      inputs_embeds: floatTensor(embeddings, [rows.length, count, this.text.hiddenSize]),
      position_ids: intTensor(
        lengths.flatMap((length) => Array.from({ length: count }, (_, i) => length + i)),
        [rows.length, count],
      ),
      kept: intTensor(
        Array.from({ length: count }, (_, i) => i),
        [count],
      ),
      ...this.#inputs.step(lengths, count),
    });
    alive.forEach((row, index) => {
      this.#keepNewRows(outputs, index, index, row.length, rows[index].count, count);
      row.length += rows[index].count;
    });
    return this.#readLogits(outputs, rows);
  }

  shorten(sequence: SequenceId, count: number): void {
    this.#alive.find((row) => row.sequence === sequence)!.length -= count;
  }

  release(sequence: SequenceId): void {
    this.#moveTo(sequence, this.#alive.length - 1);
    this.#alive.pop();
    if (this.#alive.length === 0) this.#cache.clear();
  }

  async close(): Promise<void> {
    await this.session.release();
    await this.options.prefill?.release();
    await this.options.head?.close();
  }

  /** The wanted logits of each row; without a head of its own the graph has given them. */
  #readLogits(
    outputs: Readonly<Record<string, Tensor>>,
    rows: readonly DecoderRow[],
  ): Promise<StepLogits[][]> | StepLogits[][] {
    const { head } = this.options;
    if (head !== undefined) return head.run(outputs.hidden.data as Float32Array, rows);
    return cutWanted(readLogits(outputs), rows);
  }

  #keepNewRows(
    outputs: Readonly<Record<string, Tensor>>,
    batchRow: number,
    row: number,
    slot: number,
    count: number,
    given: number,
  ): void {
    for (const name of this.#names) {
      const data = outputs[`new.${name}`].data as Float32Array | Uint16Array;
      // Where Node has Float16Array, the binding returns one; its bits are what the cache keeps.
      const values =
        data instanceof Float32Array
          ? data
          : new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
      this.#cache.write(name, row, slot, values, batchRow, count, given);
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

/** Run a graph with those of the inputs that it has: not every form and version knows all. */
function run(
  session: RunnableSession,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Readonly<Record<string, Tensor>>> {
  const known = session.inputNames.map((name) => [name, inputs[name]] as const);
  return session.run(Object.fromEntries(known));
}
