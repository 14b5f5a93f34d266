import type { GenerationRules } from './model-files/generation-rules.js';

/** `paligemma` has Gemma 1 as its language model, `paligemma2` Gemma 2. */
export type ModelFamily = 'paligemma' | 'paligemma2';

/** What a MLP does between its matrices; Google's checkpoints have `gelu-tanh`. */
export const activations = ['gelu-tanh', 'gelu', 'quick-gelu', 'relu', 'silu'] as const;
export type Activation = (typeof activations)[number];

/** Sizes of the SigLIP vision tower. */
export interface VisionSpec {
  /** Side of the square input, pixels: 224, 448 or 896 in Google's checkpoints. */
  readonly imageSize: number;
  /** Side of a patch, pixels (14). */
  readonly patchSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly layerNormEps: number;
  /** `gelu-tanh` when absent. */
  readonly activation?: Activation;
}

/** Sizes of the Gemma decoder. */
export interface TextSpec {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  /** Linear scaling of the rotary embedding: positions are divided by it; 1 when absent. */
  readonly ropeFactor?: number;
  /** Rows of the embedding table, image and padding rows included. */
  readonly vocabSize: number;
  /** What the attention scores are multiplied by: `query_pre_attn_scalar ** -0.5` (Gemma 1: of head_dim). */
  readonly attentionScale: number;
  /** Gemma 2: soft cap of the attention scores (50), absent for none. */
  readonly attentionSoftCap?: number;
  /** Gemma 2: soft cap of the final logits (30), absent for none. */
  readonly logitSoftCap?: number;
  /** Gemma 2: window of the sliding layers, in positions; limits only what an answer token sees. */
  readonly slidingWindow?: number;
  /** Layers with the window, by number; 0, 2, 4 ... when absent. */
  readonly slidingLayers?: readonly number[];
  /** `gelu-tanh` when absent. */
  readonly activation?: Activation;
}

/** Token ids, from the checkpoint's files. */
export interface TokenIds {
  readonly pad: number;
  readonly bos: number;
  readonly eos: number;
  /** Further tokens that end an answer, named by generation_config.json or config.json besides <eos>. */
  readonly moreEnds?: readonly number[];
  readonly image: number;
  /** `<loc0000>`; the 1024 location tokens follow one another. */
  readonly firstLoc: number;
  /** `<seg000>`; the 128 segmentation tokens come right after the location tokens. */
  readonly firstSeg: number;
}

/** Whether a token ends an answer. */
export function isEnd({ eos, moreEnds }: Pick<TokenIds, 'eos' | 'moreEnds'>, id: number): boolean {
  return id === eos || moreEnds?.includes(id) === true;
}

/** Location tokens in the vocabulary. */
export const LOC_TOKENS = 1024;
/** Segmentation tokens in the vocabulary: the mask codebook's size. */
export const SEG_TOKENS = 128;
/** Segmentation tokens of one mask (a 4 x 4 grid). */
export const CODES_PER_MASK = 16;

/** Everything about a model that graphs, prompts and the session need. */
export interface ModelSpec {
  readonly family: ModelFamily;
  readonly vision: VisionSpec;
  readonly text: TextSpec;
  readonly tokens: TokenIds;
  /** What the checkpoint says about which tokens may come, if anything. */
  readonly generation?: GenerationRules;
}

/** Positions that a prompt and its answer may take together: Gemma's own limit (max_position_embeddings). */
export const MAX_POSITIONS = 8192;

/** Image tokens of one picture: (imageSize / patchSize) squared. */
export function imageTokenCount(vision: VisionSpec): number {
  return Math.floor(vision.imageSize / vision.patchSize) ** 2;
}
