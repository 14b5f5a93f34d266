import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../base/errors.js';
import { printable } from './safetensors-header.js';

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';

/** adapter_config.json has 1 to 3 KB; a written-out list of layers 100 KB. */
const MAX_CONFIG_BYTES = 4 * 2 ** 20;

const names = z.array(z.string());
const rank = z.number().int().positive().max(65_536);

const schema = z.looseObject({
  peft_type: z.string(),
  r: rank,
  lora_alpha: z.number(),
  rank_pattern: z.record(z.string(), rank).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  target_modules: z.union([z.string(), names]).nullish(),
  exclude_modules: z.union([z.string(), names]).nullish(),
  layers_to_transform: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
  modules_to_save: names.nullish(),
  bias: z.enum(['none', 'all', 'lora_only']).default('none'),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  ensure_weight_tying: z.boolean().nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

/** An adapter's adapter_config.json, as far as merging needs it. */
export type AdapterConfig = z.infer<typeof schema>;

/** Switches of PEFT 0.21 that change what the matrices mean. */
const UNSUPPORTED_FIELDS = [
  'alora_invocation_tokens',
  'arrow_config',
  'kasa_config',
  'layer_replication',
  'lora_bias',
  'megatron_config',
  'monteclora_config',
  'target_parameters',
  'trainable_token_indices',
  'use_bdlora',
  'use_qalora',
  'velora_config',
];
/** Ways to begin the training that leave the base model as it is; others, such as PiSSA, change it. */
const HARMLESS_STARTS = new Set(['gaussian', 'orthogonal', 'eva']);

/**
 * Read the configuration of a PEFT adapter and make sure that it is one that can be merged.
 * @throws {ModelError} there is none, it is no LoRA, or a kind of LoRA that only PEFT itself can merge.
 */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const path = join(folder, ADAPTER_CONFIG_FILE);
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) {
    throw new ModelError(
      'ADAPTER_MISSING',
      `${folder} is not an adapter: ${ADAPTER_CONFIG_FILE} is missing.`,
      {
        hint: 'Point to a folder that PEFT wrote: adapter_config.json and adapter_model.safetensors.',
      },
    );
  }
  const parsed = schema.safeParse(stats.size > MAX_CONFIG_BYTES ? undefined : await readJson(path));
  if (!parsed.success) {
    const type = await readType(path);
    if (type !== undefined && type !== 'LORA') throw unsupported(folder, `its type is ${type}`);
    const issue = parsed.error.issues[0];
    throw new ModelError(
      'ADAPTER_UNFIT',
      `${path} does not describe a LoRA adapter: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'wrong'}.`,
      { hint: 'Compare it with the file that PEFT wrote.' },
    );
  }
  const config = parsed.data;
  if (config.peft_type !== 'LORA') throw unsupported(folder, `its type is ${printable(config.peft_type)}`);
  const field = UNSUPPORTED_FIELDS.find((name) => isSet(config[name]));
  if (field !== undefined) throw unsupported(folder, `it uses ${field}`);
  const start = config.init_lora_weights;
  if (typeof start === 'string' && !HARMLESS_STARTS.has(start)) {
    throw unsupported(folder, `it was begun with ${printable(start)}, which changes the base model`);
  }
  return config;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Other kinds of adapters have other fields: say the kind rather than a field that is missing. */
async function readType(path: string): Promise<string | undefined> {
  const parsed = z.looseObject({ peft_type: z.string() }).safeParse(await readJson(path));
  return parsed.success ? printable(parsed.data.peft_type) : undefined;
}

function isSet(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0)
  );
}

function unsupported(folder: string, why: string): ModelError {
  return new ModelError('ADAPTER_UNSUPPORTED', `pali cannot merge the adapter in ${folder}: ${why}.`, {
    hint: "Merge it with PEFT (merge_and_unload, then save_pretrained), and import the merged checkpoint's folder.",
  });
}
