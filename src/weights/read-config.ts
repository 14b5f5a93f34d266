import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../base/errors.js';
import type { TextSpec, VisionSpec } from '../base/model-spec.js';

/** Google's config.json files have 1 to 2 KB. */
const MAX_CONFIG_BYTES = 2 ** 20;
/** Above every size that a PaliGemma has (28B: 36,864; vocabulary 257,216); absurd numbers stop here. */
const size = z.number().int().positive().max(1_000_000);
const layers = z.number().int().positive().max(200);

const ropeSchema = z.object({ rope_theta: z.number().positive().optional() }).nullish();

/** Defaults are those of transformers' SiglipVisionConfig. */
const visionSchema = z.object({
  model_type: z.string().optional(),
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: layers.default(12),
  num_attention_heads: size.default(12),
  num_channels: z.literal(3).default(3),
  image_size: z.number().int().positive().max(2048).default(224),
  patch_size: z.number().int().positive().max(256).default(16),
  layer_norm_eps: z.number().positive().default(1e-6),
});

const sharedText = {
  rms_norm_eps: z.number().positive().default(1e-6),
  head_dim: size.default(256),
  rope_theta: z.number().positive().optional(),
  rope_parameters: ropeSchema,
  vocab_size: size.default(256_000),
  tie_word_embeddings: z.boolean().default(true),
};

/** Defaults are those of transformers' GemmaConfig and Gemma2Config. */
const gemmaSchema = z.object({
  ...sharedText,
  hidden_size: size.default(3072),
  intermediate_size: size.default(24_576),
  num_hidden_layers: layers.default(28),
  num_attention_heads: size.default(16),
  num_key_value_heads: size.default(16),
});
const gemma2Schema = z.object({
  ...sharedText,
  hidden_size: size.default(2304),
  intermediate_size: size.default(9216),
  num_hidden_layers: layers.default(26),
  num_attention_heads: size.default(8),
  num_key_value_heads: size.default(4),
  query_pre_attn_scalar: z.number().positive().default(256),
  attn_logit_softcapping: z.number().positive().nullish().default(50),
  final_logit_softcapping: z.number().positive().nullish().default(30),
  sliding_window: size.nullish().default(4096),
});

const configSchema = z.object({
  model_type: z.string().optional(),
  text_config: z.record(z.string(), z.unknown()),
  vision_config: z.record(z.string(), z.unknown()),
  tie_word_embeddings: z.boolean().optional(),
});

/** How Google's checkpoints want pictures; another way of preparing them needs other code. */
const preprocessorSchema = z.object({
  resample: z.literal(3).default(3),
  image_mean: z.tuple([z.literal(0.5), z.literal(0.5), z.literal(0.5)]).optional(),
  image_std: z.tuple([z.literal(0.5), z.literal(0.5), z.literal(0.5)]).optional(),
  size: z.object({ height: size, width: size }).optional(),
});

/** The sizes that a checkpoint's configuration gives. */
export interface CheckpointConfig {
  readonly family: 'paligemma' | 'paligemma2';
  readonly vision: VisionSpec;
  readonly text: TextSpec;
  /** The output head is the embedding table. */
  readonly isHeadTied: boolean;
}

/**
 * Read config.json (sparse as Google writes it, or complete) and check preprocessor_config.json against it.
 * Missing fields take transformers' defaults.
 * @throws {ModelError} no config.json, not a PaliGemma, sizes that do not fit together, other preprocessing.
 */
export async function readConfig(folder: string): Promise<CheckpointConfig> {
  const path = join(folder, 'config.json');
  const config = parse(configSchema, await readJson(path), path);
  const type = config.model_type ?? 'none';
  if (type !== 'paligemma') {
    throw new ModelError(
      'ARCHITECTURE_UNKNOWN',
      `${path} says model_type ${quote(type)}; pali runs paligemma.`,
      {
        hint: 'PaliGemma and PaliGemma 2 checkpoints have model_type "paligemma".',
      },
    );
  }
  const vision = readVision(config.vision_config, path);
  const { family, text, isHeadTied } = readText(config.text_config, path);
  await checkPreprocessor(folder, vision.imageSize);
  return { family, vision, text, isHeadTied: config.tie_word_embeddings ?? isHeadTied };
}

function readVision(section: Record<string, unknown>, path: string): VisionSpec {
  const vision = parse(visionSchema, section, path, 'vision_config');
  if (vision.model_type !== undefined && vision.model_type !== 'siglip_vision_model') {
    throw unfit(path, `vision_config.model_type is ${quote(vision.model_type)}, not siglip_vision_model`);
  }
  if (vision.hidden_size % vision.num_attention_heads !== 0) {
    throw unfit(
      path,
      `vision width ${vision.hidden_size} does not divide into ${vision.num_attention_heads} heads`,
    );
  }
  return {
    imageSize: vision.image_size,
    patchSize: vision.patch_size,
    hiddenSize: vision.hidden_size,
    intermediateSize: vision.intermediate_size,
    layers: vision.num_hidden_layers,
    heads: vision.num_attention_heads,
    layerNormEps: vision.layer_norm_eps,
  };
}

function readText(
  section: Record<string, unknown>,
  path: string,
): { family: CheckpointConfig['family']; text: TextSpec; isHeadTied: boolean } {
  const type = section.model_type ?? 'gemma';
  if (type !== 'gemma' && type !== 'gemma2') {
    throw unfit(path, `text_config.model_type is ${quote(type)}; gemma and gemma2 are known`);
  }
  const isGemma2 = type === 'gemma2';
  const fields = parse(isGemma2 ? gemma2Schema : gemmaSchema, section, path, 'text_config');
  if (fields.num_attention_heads % fields.num_key_value_heads !== 0) {
    throw unfit(
      path,
      `${fields.num_attention_heads} heads do not share ${fields.num_key_value_heads} key-value heads`,
    );
  }
  if (fields.head_dim % 2 !== 0) throw unfit(path, `head_dim ${fields.head_dim} is odd`);
  const text: TextSpec = {
    hiddenSize: fields.hidden_size,
    intermediateSize: fields.intermediate_size,
    layers: fields.num_hidden_layers,
    heads: fields.num_attention_heads,
    keyValueHeads: fields.num_key_value_heads,
    headDim: fields.head_dim,
    rmsNormEps: fields.rms_norm_eps,
    ropeTheta: fields.rope_theta ?? fields.rope_parameters?.rope_theta ?? 10_000,
    vocabSize: fields.vocab_size,
    attentionScale: fields.head_dim ** -0.5,
    ...(isGemma2 ? gemma2Extras(parse(gemma2Schema, section, path, 'text_config')) : {}),
  };
  return { family: isGemma2 ? 'paligemma2' : 'paligemma', text, isHeadTied: fields.tie_word_embeddings };
}

function gemma2Extras(fields: z.infer<typeof gemma2Schema>): Partial<TextSpec> {
  return {
    attentionScale: fields.query_pre_attn_scalar ** -0.5,
    ...(fields.attn_logit_softcapping ? { attentionSoftCap: fields.attn_logit_softcapping } : {}),
    ...(fields.final_logit_softcapping ? { logitSoftCap: fields.final_logit_softcapping } : {}),
    ...(fields.sliding_window ? { slidingWindow: fields.sliding_window } : {}),
  };
}

async function checkPreprocessor(folder: string, imageSize: number): Promise<void> {
  const path = join(folder, 'preprocessor_config.json');
  if (!(await stat(path).catch(() => undefined))) return;
  const preprocessor = parse(preprocessorSchema, await readJson(path), path);
  const target = preprocessor.size;
  if (target && (target.height !== imageSize || target.width !== imageSize)) {
    throw unfit(
      path,
      `it asks for pictures of ${target.width} x ${target.height}, config.json for ${imageSize} pixels a side`,
    );
  }
}

async function readJson(path: string): Promise<unknown> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) {
    throw new ModelError('CHECKPOINT_INCOMPLETE', `${path} is missing, so this is not a checkpoint folder.`, {
      hint: 'Point to the folder that holds config.json, tokenizer.json and the safetensors files.',
    });
  }
  if (stats.size > MAX_CONFIG_BYTES) throw unfit(path, `it has ${stats.size} bytes`);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    throw unfit(path, 'it is not JSON');
  }
}

function parse<T extends z.ZodType>(schema: T, value: unknown, path: string, section?: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = [section, ...(issue?.path ?? [])].filter((part) => part !== undefined).join('.');
  throw unfit(path, `${field || 'the file'}: ${issue?.message ?? 'wrong value'}`);
}

/** A value from the file, fit for a message. */
function quote(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 60);
}

function unfit(path: string, why: string): ModelError {
  return new ModelError(
    'CHECKPOINT_UNFIT',
    `${path} does not describe a PaliGemma that pali can run: ${why}.`,
    {
      hint: 'Compare the file with the one of the original checkpoint.',
    },
  );
}
