import * as v from 'valibot';

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100_000));
/** What a model's own list of tokens may hold; a step reports its 64 likeliest tokens, of which some must be left. */
export const MAX_SUPPRESSED = 48;
const MAX_BAD_WORDS = 1000;
const MAX_WORD_TOKENS = 64;
const ids = v.pipe(v.array(id), v.maxLength(MAX_SUPPRESSED), v.readonly());

/** What generation_config.json of a checkpoint forbids or makes less likely, in the meaning of transformers. */
export const generationRulesSchema = v.object({
  /** Logits of tokens that the prompt or the answer hold are divided by it, or multiplied where they are negative; above 1. */
  repetitionPenalty: v.optional(v.pipe(v.number(), v.finite(), v.minValue(1))),
  /** No sequence of this many tokens occurs twice, prompt included. */
  noRepeatNgramSize: v.optional(count),
  /** Never. */
  suppressTokens: v.optional(ids),
  /** Not as the first of an answer. */
  beginSuppressTokens: v.optional(ids),
  /** Sequences whose last token does not come after the others. */
  badWords: v.optional(
    v.pipe(
      v.array(v.pipe(v.array(id), v.minLength(1), v.maxLength(MAX_WORD_TOKENS), v.readonly())),
      v.maxLength(MAX_BAD_WORDS),
      v.readonly(),
    ),
  ),
  /** Fewest tokens of an answer. */
  minNewTokens: v.optional(count),
  /** The same, the prompt counted. */
  minLength: v.optional(count),
});

export type GenerationRules = v.InferOutput<typeof generationRulesSchema>;
