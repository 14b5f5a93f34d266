import type { LoadedModel } from '../../../src/engine/loaded-model.js';

export interface GreedyPrompt {
  /** Of each picture, as the model's encodeImage gives them. */
  readonly features: readonly Float32Array[];
  /** <bos>, prompt and newline. */
  readonly ids: readonly number[];
  readonly maxNewTokens: number;
  /** Tokens to append whatever the model says; all of them are appended. */
  readonly forcedIds?: readonly number[];
  /** Keep the logits of the location and segmentation tokens of every step. */
  readonly keepsLocSeg?: boolean;
}

export interface GreedyStep {
  readonly topIds: number[];
  readonly topValues: number[];
  readonly logSumExp: number;
  readonly locSegLogits?: number[];
}

export interface GreedyAnswer {
  /** Chosen or forced, <eos> included. */
  readonly ids: number[];
  /** What the model said before each of `ids`. */
  readonly steps: GreedyStep[];
}

export function decodeGreedily(
  model: LoadedModel,
  prompts: readonly GreedyPrompt[],
  together?: number,
): Promise<GreedyAnswer[]>;
