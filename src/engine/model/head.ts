import { LOC_TOKENS, SEG_TOKENS } from '../../base/model-spec.js';
import { type DecoderRow, readLogits } from './decoder.js';
import type { StepLogits } from './loaded-model.js';
import { logSumExp } from './log-sum-exp.js';
import { floatTensor, type InferenceSession } from './onnx-session.js';

const SPECIAL_ROWS = LOC_TOKENS + SEG_TOKENS;

/** The output head as a session of its own, and one of its rows of location and segmentation tokens alone. */
export class Head {
  readonly #whole: InferenceSession;
  readonly #locSeg: InferenceSession | undefined;
  readonly #width: number;

  /** @param width of the hidden states. */
  constructor(whole: InferenceSession, locSeg: InferenceSession | undefined, width: number) {
    this.#whole = whole;
    this.#locSeg = locSeg;
    this.#width = width;
  }

  /**
   * The logits of the wanted positions; no more of the head is read than they need.
   * @param hidden [rows, given, width]: of each row's positions the first `count` are its own.
   */
  async run(hidden: Float32Array, rows: readonly DecoderRow[]): Promise<StepLogits[][]> {
    const given = hidden.length / this.#width / rows.length;
    const all = rows.map(({ count, wanted }, row) =>
      Array.from({ length: wanted }, (_, i) => row * given + count - wanted + i),
    );
    const isShort = (row: number): boolean => this.#locSeg !== undefined && rows[row].isLocSeg;
    const short = all.flatMap((places, row) => (isShort(row) ? places : []));
    const whole = all.flatMap((places, row) => (isShort(row) ? [] : places));
    const known = new Map([
      ...(await this.#runWhole(hidden, whole)),
      ...(await this.#runLocSeg(hidden, short)),
    ]);
    return all.map((places) => places.map((place) => known.get(place)!));
  }

  async close(): Promise<void> {
    await this.#whole.release();
    await this.#locSeg?.release();
  }

  async #runWhole(
    hidden: Float32Array,
    places: readonly number[],
  ): Promise<(readonly [number, StepLogits])[]> {
    if (places.length === 0) return [];
    const outputs = await this.#whole.run({ hidden: this.#gather(hidden, places) });
    return readLogits(outputs).map((logits, i) => [places[i], logits] as const);
  }

  async #runLocSeg(
    hidden: Float32Array,
    places: readonly number[],
  ): Promise<(readonly [number, StepLogits])[]> {
    if (places.length === 0) return [];
    const outputs = await this.#locSeg!.run({ hidden: this.#gather(hidden, places) });
    const all = outputs.loc_seg_logits.data as Float32Array;
    return places.map((place, i) => {
      const locSegLogits = all.slice(i * SPECIAL_ROWS, (i + 1) * SPECIAL_ROWS);
      return [place, { ...NO_TOP, logSumExp: logSumExp(locSegLogits), locSegLogits }] as const;
    });
  }

  #gather(hidden: Float32Array, places: readonly number[]): ReturnType<typeof floatTensor> {
    const values = new Float32Array(places.length * this.#width);
    places.forEach((place, i) =>
      values.set(hidden.subarray(place * this.#width, (place + 1) * this.#width), i * this.#width),
    );
    return floatTensor(values, [places.length, this.#width]);
  }
}

const NO_TOP = { topIds: new Int32Array(), topValues: new Float32Array() };
