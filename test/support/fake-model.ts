import { LOC_TOKENS, SEG_TOKENS, type ModelSpec } from '../../src/base/model-spec.js';
import { logSumExp } from '../../src/engine/model/log-sum-exp.js';
import type { EngineRequest } from '../../src/engine/engine.js';
import type { ExtendRow, LoadedModel, SequenceId, StepLogits } from '../../src/engine/model/loaded-model.js';
import { SeededRandom } from '../../src/engine/child/seeded-random.js';
import type { PaliTokenizer } from '../../src/tokens/tokenizer.js';

/** Ids 0..3 are special, 4..131 are ASCII, then the locations and codes. */
const FIRST_TEXT = 4;
const FIRST_LOC = FIRST_TEXT + 128;
const VOCABULARY = FIRST_LOC + LOC_TOKENS + SEG_TOKENS;
export const EOS = 1;
/** Side of the pictures that the fake model takes. */
export const SIDE = 4;

export const tokens = {
  pad: 0,
  eos: EOS,
  bos: 2,
  image: 3,
  firstLoc: FIRST_LOC,
  firstSeg: FIRST_LOC + LOC_TOKENS,
};

/** Every ASCII character is a token. */
export const fakeTokenizer: PaliTokenizer = {
  tokens,
  vocabSize: VOCABULARY,
  encode: (text) => Array.from(text, (character) => idOf(character)),
  decode: (ids) => ids.map(textOf).join(''),
  decodePieces: (ids) => ids.map(textOf),
  pieceOf: textOf,
  createTextStream: () => ({ push: textOf, flush: () => '' }),
};

export function idOf(character: string): number {
  return FIRST_TEXT + character.charCodeAt(0);
}

function textOf(id: number): string {
  if (id >= tokens.firstSeg) return `<seg${String(id - tokens.firstSeg).padStart(3, '0')}>`;
  if (id >= FIRST_LOC) return `<loc${String(id - FIRST_LOC).padStart(4, '0')}>`;
  return id < FIRST_TEXT
    ? (['<pad>', '<eos>', '<bos>', '<image>'][id] ?? '')
    : String.fromCharCode(id - FIRST_TEXT);
}

/** StepLogits of a whole row of logits, as a real decoder makes them. */
export function stepLogits(row: Float32Array, topCount = 64): StepLogits {
  const topIds = Int32Array.from(row.keys())
    .sort((a, b) => row[b] - row[a] || a - b)
    .subarray(0, topCount);
  const max = row[topIds[0]];
  const sum = row.reduce((total, value) => total + Math.exp(value - max), 0);
  return {
    topIds,
    topValues: Float32Array.from(topIds, (id) => row[id]),
    logSumExp: max + Math.log(sum),
    locSegLogits: row.slice(FIRST_LOC, FIRST_LOC + LOC_TOKENS + SEG_TOKENS),
  };
}

/** A row of logits: `low` everywhere but where `values` says otherwise. */
export function rowOf(values: Readonly<Record<number, number>>, low = -20): Float32Array {
  const row = new Float32Array(VOCABULARY).fill(low);
  for (const [id, value] of Object.entries(values)) row[Number(id)] = value;
  return row;
}

/** What a head of these rows alone gives. */
function locSegAlone({ locSegLogits }: StepLogits): StepLogits {
  const none = { topIds: new Int32Array(), topValues: new Float32Array() };
  return { ...none, locSegLogits, logSumExp: logSumExp(locSegLogits) };
}

/**
 * A model whose next logits depend on all that a sequence has seen, picture, prompt and answer, and on nothing
 * else. It checks that it is called as its contract says.
 */
export class FakeModel implements LoadedModel {
  readonly spec = {
    vision: { imageSize: SIDE, patchSize: 2 },
    tokens,
  } as unknown as ModelSpec;
  readonly maxSequences: number;
  readonly alive = new Map<SequenceId, number>();
  /** Rows of each step so far. */
  readonly steps: number[] = [];
  encodedCount = 0;
  prefillCount = 0;
  isClosed = false;
  /** Answers have about ten tokens; 0 makes them all as long as they may be. */
  eosChance = 0.1;
  /** Positions that all sequences alive may have together. */
  positions = Infinity;
  /** Called before a step or a prefill; what it throws is the call's failure. */
  beforeStep: () => void | Promise<void> = () => undefined;
  beforePrefill: (promptIds: readonly number[]) => void | Promise<void> = () => undefined;
  /** Replaces the logits of a sequence. */
  replace: (state: number, promptIds: readonly number[]) => StepLogits | undefined = () => undefined;
  /** Tokens that a sequence may have in one run. */
  tokensPerRun = 1;
  /** Tokens of all steps so far. */
  tokenCount = 0;
  /** What a sequence had seen before each of its tokens. */
  readonly #before: [SequenceId, number][] = [];
  readonly #prompts = new Map<SequenceId, readonly number[]>();
  #nextSequence = 0;
  #isBusy = false;

  constructor(maxSequences: number) {
    this.maxSequences = maxSequences;
  }

  canStart(prefixLength: number, maxNewTokens: number): boolean {
    return (this.alive.size + 1) * (prefixLength + maxNewTokens) <= this.positions;
  }

  encodeImage(pixels: Float32Array): Promise<Float32Array> {
    return this.#alone(() => {
      this.encodedCount++;
      return Float32Array.of(pixels.reduce((sum, value, i) => sum + value * (i + 1), 0));
    });
  }

  prefill(
    imageFeatures: readonly Float32Array[],
    promptIds: readonly number[],
  ): Promise<{ sequence: SequenceId; logits: StepLogits }> {
    return this.#alone(async () => {
      if (this.alive.size >= this.maxSequences) throw new Error('too many sequences');
      this.prefillCount++;
      await this.beforePrefill(promptIds);
      let state = 7;
      for (const features of imageFeatures) state = mix(state, Math.round(features[0] * 1000));
      for (const id of promptIds) state = mix(state, id);
      const sequence = this.#nextSequence++;
      this.alive.set(sequence, state);
      this.#prompts.set(sequence, promptIds);
      return { sequence, logits: this.#logits(sequence) };
    });
  }

  step(rows: readonly { sequence: SequenceId; token: number }[]): Promise<StepLogits[]> {
    return this.#alone(async () => {
      if (rows.length === 0) throw new Error('an empty step');
      this.steps.push(rows.length);
      await this.beforeStep();
      for (const { sequence, token } of rows) this.alive.set(sequence, mix(this.#state(sequence), token));
      return rows.map(({ sequence }) => this.#logits(sequence));
    });
  }

  extend(rows: readonly ExtendRow[]): Promise<StepLogits[][]> {
    return this.#alone(async () => {
      if (rows.length === 0) throw new Error('an empty step');
      this.steps.push(rows.length);
      await this.beforeStep();
      return rows.map(({ sequence, tokens: added, wanted, isLocSeg = false }) => {
        if (added.length === 0 || added.length > this.tokensPerRun) throw new Error('too many tokens');
        if (wanted < 1 || wanted > added.length) throw new Error('too many logits');
        const logits = added.map((token) => {
          this.#before.push([sequence, this.#state(sequence)]);
          this.alive.set(sequence, mix(this.#state(sequence), token));
          return isLocSeg ? locSegAlone(this.#logits(sequence)) : this.#logits(sequence);
        });
        this.tokenCount += added.length;
        return logits.slice(-wanted);
      });
    });
  }

  shorten(sequence: SequenceId, count: number): void {
    for (let i = 0; i < count; i++) {
      const place = this.#before.findLastIndex(([other]) => other === sequence);
      this.alive.set(sequence, this.#before[place][1]);
      this.#before.splice(place, 1);
    }
  }

  release(sequence: SequenceId): void {
    if (this.#isBusy) throw new Error('released during a call');
    if (!this.alive.delete(sequence)) throw new Error('released twice');
  }

  decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    return this.#alone(() => codes.map((row) => new Float32Array(64 * 64).fill(row[0])));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  #logits(sequence: SequenceId): StepLogits {
    const state = this.#state(sequence);
    const replaced = this.replace(state, this.#prompts.get(sequence)!);
    if (replaced !== undefined) return replaced;
    const random = SeededRandom.fromSeed(state);
    const row = Float32Array.from({ length: VOCABULARY }, () => random.next() * 4);
    if (random.next() < this.eosChance) row[EOS] = 9;
    return stepLogits(row);
  }

  #state(sequence: SequenceId): number {
    const state = this.alive.get(sequence);
    if (state === undefined) throw new Error('an unknown sequence');
    return state;
  }

  async #alone<T>(call: () => T | Promise<T>): Promise<T> {
    if (this.#isBusy) throw new Error('two calls at once');
    this.#isBusy = true;
    try {
      // A real call gives others their turn too.
      await new Promise((resolve) => setImmediate(resolve));
      return await call();
    } finally {
      this.#isBusy = false;
    }
  }
}

function mix(state: number, value: number): number {
  return (Math.imul(state ^ value, 0x9e37_79b1) ^ (state >>> 15)) >>> 0;
}

/** A request about a picture of one colour. */
export function requestOf(prompt: string, changes: Partial<EngineRequest> = {}, colour = 9): EngineRequest {
  return {
    images: [{ side: SIDE, data: new Uint8Array(SIDE * SIDE * 3).fill(colour) }],
    prompt,
    maxTokens: 24,
    sampling: { temperature: 0, topP: 1, seed: 0 },
    alternatives: 0,
    ...changes,
  };
}
