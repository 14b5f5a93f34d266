import type { ModelSpec } from '../../base/model-spec.js';

/** The decoder's output for the next token of one sequence. */
export interface StepLogits {
  /** Ids of the likeliest tokens of the whole vocabulary, best first (64, or the vocabulary if smaller). */
  readonly topIds: Int32Array;
  /** Their logits. */
  readonly topValues: Float32Array;
  /** log(sum(exp(logits))) over the whole vocabulary: logprob = logit - logSumExp. */
  readonly logSumExp: number;
  /** Logits of <loc0000>..<loc1023>, then <seg000>..<seg127>: 1152 values. */
  readonly locSegLogits: Float32Array;
}

/** Tokens that a sequence goes on with in one run. */
export interface ExtendRow {
  readonly sequence: SequenceId;
  /** At least one, at most the model's tokensPerRun. */
  readonly tokens: readonly number[];
  /** How many of the last of them logits are wanted for: 1 to tokens.length. */
  readonly wanted: number;
  /**
   * Only a location or segmentation token may come next: `topIds` may then be empty, and logSumExp is that of these
   * tokens alone.
   */
  readonly isLocSeg?: boolean;
}

/** A handle of one sequence whose keys and values the model keeps. */
export type SequenceId = number;

/**
 * A model in memory, as the scheduler uses it. One call at a time. Token ids in, logits out: prompts, grammar and
 * sampling are not its concern.
 */
export interface LoadedModel {
  readonly spec: ModelSpec;
  /** Sequences that may be alive at once, 1 or more. */
  readonly maxSequences: number;
  /**
   * Whether a prefix of this many positions (image tokens and prompt) with this many new tokens can start now,
   * besides the sequences that are alive. Always true when none is.
   */
  canStart(prefixLength: number, maxNewTokens: number): boolean;
  /**
   * @param pixels [3, side, side] float32 in [-1, 1].
   * @returns image features [tokens, hidden], row-major.
   */
  encodeImage(pixels: Float32Array): Promise<Float32Array>;
  /**
   * Start a sequence: run the prefix, where every position sees every other.
   * @param imageFeatures one array for each picture, in prompt order.
   * @param promptIds <bos>, prompt and newline.
   * @param maxNewTokens room to keep for the answer.
   */
  prefill(
    imageFeatures: readonly Float32Array[],
    promptIds: readonly number[],
    maxNewTokens: number,
  ): Promise<{ sequence: SequenceId; logits: StepLogits }>;
  /** Append one token to each of these sequences and get their next logits, in the same order. */
  step(rows: readonly { readonly sequence: SequenceId; readonly token: number }[]): Promise<StepLogits[]>;
  /** Tokens that `extend` takes for a sequence at most; 1 where each must have a run of its own. */
  readonly tokensPerRun: number;
  /**
   * Append tokens to each of these sequences, which are distinct, in one run.
   * @returns for each row the wanted logits, in the order of its tokens.
   */
  extend(rows: readonly ExtendRow[]): Promise<StepLogits[][]>;
  /** Take a sequence's last `count` tokens back. */
  shorten(sequence: SequenceId, count: number): void;
  /** Forget a sequence. Must be called once for every prefill that succeeded. */
  release(sequence: SequenceId): void;
  /** codes [n][16] -> n masks [64 * 64]; absent when the model has no mask decoder. */
  decodeMasks?(codes: readonly (readonly number[])[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}
