import * as v from 'valibot';
import type { ModelFamily, TextSpec } from '../../base/model-spec.js';
import { readTextActivation } from './activation.js';
import { layers, parseSection, positive, quote, size, unfit } from './config-file.js';
import { readRope } from './read-rope.js';

/**
 * Fields of text_config without an effect on the answers of a finished model, so that they are not looked at:
 * attention_dropout, initializer_range, max_position_embeddings (rotations have no limit), use_cache,
 * cache_implementation, num_image_tokens, torch_dtype and dtype, token ids (the tokenizer's count; eos_token_id: see
 * generation-config), tie_word_embeddings (the one beside text_config counts), transformers_version.
 */
const sharedText = {
  rms_norm_eps: v.optional(positive, 1e-6),
  head_dim: v.optional(size, 256),
  vocab_size: v.optional(size, 256_000),
  hidden_act: v.nullish(v.string()),
  hidden_activation: v.nullish(v.string()),
  attention_bias: v.nullish(v.literal(false, 'biases in the attention are not supported')),
  use_bidirectional_attention: v.nullish(
    v.literal(true, 'PaliGemma reads its prompt in both directions, this model does not'),
  ),
};

/** Defaults are those of transformers' GemmaConfig and Gemma2Config. */
const gemmaSchema = v.object({
  ...sharedText,
  hidden_size: v.optional(size, 3072),
  intermediate_size: v.optional(size, 24_576),
  num_hidden_layers: v.optional(layers, 28),
  num_attention_heads: v.optional(size, 16),
  num_key_value_heads: v.optional(size, 16),
});
/** A cap or window that is null means none; a missing one has its default. */
const gemma2Schema = v.object({
  ...sharedText,
  hidden_size: v.optional(size, 2304),
  intermediate_size: v.optional(size, 9216),
  num_hidden_layers: v.optional(layers, 26),
  num_attention_heads: v.optional(size, 8),
  num_key_value_heads: v.optional(size, 4),
  query_pre_attn_scalar: v.optional(positive, 256),
  attn_logit_softcapping: v.optional(v.nullable(positive), 50),
  final_logit_softcapping: v.optional(v.nullable(positive), 30),
  sliding_window: v.optional(v.nullable(size), 4096),
  layer_types: v.nullish(v.array(v.picklist(['sliding_attention', 'full_attention']))),
});

/**
 * The decoder's sizes, and which of the two it is.
 * @param section text_config of config.json at `path`.
 * @throws {ModelError} a decoder other than Gemma or Gemma 2, or sizes that do not fit together.
 */
export function readText(
  section: Record<string, unknown>,
  path: string,
): { family: ModelFamily; text: TextSpec } {
  const type = section.model_type ?? 'gemma';
  if (type !== 'gemma' && type !== 'gemma2') {
    throw unfit(path, `text_config.model_type is ${quote(type)}; gemma and gemma2 are known`);
  }
  const isGemma2 = type === 'gemma2';
  const fields = parseSection(isGemma2 ? gemma2Schema : gemmaSchema, section, path, 'text_config');
  if (fields.num_attention_heads % fields.num_key_value_heads !== 0) {
    throw unfit(
      path,
      `${fields.num_attention_heads} heads do not share ${fields.num_key_value_heads} key-value heads`,
    );
  }
  if (fields.head_dim % 2 !== 0) throw unfit(path, `head_dim ${fields.head_dim} is odd`);
  const activation = readTextActivation(fields, isGemma2, path);
  const text: TextSpec = {
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    layers: fields.num_hidden_layers,
    heads: fields.num_attention_heads,
    keyValueHeads: fields.num_key_value_heads,
    headDim: fields.head_dim,
    rmsNormEps: fields.rms_norm_eps,
    ...readRope(section, path),
    vocabSize: fields.vocab_size,
    attentionScale: fields.head_dim ** -0.5,
    ...(isGemma2 ? gemma2Extras(parseSection(gemma2Schema, section, path, 'text_config'), path) : {}),
    ...(activation && { activation }),
  };
  return { family: isGemma2 ? 'paligemma2' : 'paligemma', text };
}

function gemma2Extras(fields: v.InferOutput<typeof gemma2Schema>, path: string): Partial<TextSpec> {
  return {
    attentionScale: fields.query_pre_attn_scalar ** -0.5,
    ...(fields.attn_logit_softcapping ? { attentionSoftCap: fields.attn_logit_softcapping } : {}),
    ...(fields.final_logit_softcapping ? { logitSoftCap: fields.final_logit_softcapping } : {}),
    ...(fields.sliding_window ? { slidingWindow: fields.sliding_window } : {}),
    ...slidingLayers(fields.layer_types, fields.num_hidden_layers, path),
  };
}

/** Empty where the layers take turns, as in Google's models. */
function slidingLayers(
  types: readonly string[] | null | undefined,
  count: number,
  path: string,
): Pick<TextSpec, 'slidingLayers'> {
  if (types === null || types === undefined) return {};
  if (types.length !== count) {
    throw unfit(path, `text_config.layer_types names ${types.length} layers of ${count}`);
  }
  const sliding = types.flatMap((type, layer) => (type === 'sliding_attention' ? [layer] : []));
  const isUsual = types.every((type, layer) => (type === 'sliding_attention') === (layer % 2 === 0));
  return isUsual ? {} : { slidingLayers: sliding };
}
