import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describeIssue } from '../../base/describe-issue.js';
import { ModelError } from '../../base/errors.js';
import { isUnread, readRegularFile } from '../../base/files/read-regular-file.js';
import { parseJsonAsPython } from '../../base/files/parse-json-as-python.js';
import { countUpTo, finite, mapOf } from '../checkpoint/config-file.js';
import { printable } from '../checkpoint/safetensors-header.js';

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';

/** adapter_config.json has 1 to 3 KB; a written-out list of layers 100 KB. */
const MAX_CONFIG_BYTES = 4 * 2 ** 20;

const names = v.array(v.string());
const rank = countUpTo(65_536);
const layer = v.pipe(v.number(), v.safeInteger());

const schema = v.looseObject({
  peft_type: v.string(),
  r: rank,
  lora_alpha: finite,
  rank_pattern: v.nullish(mapOf(rank)),
  alpha_pattern: v.nullish(mapOf(finite)),
  target_modules: v.nullish(v.union([v.string(), names])),
  exclude_modules: v.nullish(v.union([v.string(), names])),
  layers_to_transform: v.nullish(v.union([layer, v.array(layer)])),
  modules_to_save: v.nullish(names),
  bias: v.optional(v.picklist(['none', 'all', 'lora_only']), 'none'),
  use_rslora: v.nullish(v.boolean()),
  use_dora: v.nullish(v.boolean()),
  ensure_weight_tying: v.nullish(v.boolean()),
  init_lora_weights: v.nullish(v.union([v.boolean(), v.string()])),
});

/** An adapter's adapter_config.json, as far as merging needs it. */
export type AdapterConfig = v.InferOutput<typeof schema>;

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
/** Initialisations that leave the base model unchanged; others, such as PiSSA, change it. */
const HARMLESS_STARTS = new Set(['gaussian', 'orthogonal', 'eva']);

/**
 * Read the configuration of a PEFT adapter and make sure that it is one that can be merged.
 * @throws {ModelError} there is none, it is not a LoRA, or a kind that only PEFT itself can merge.
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
  const value = stats.size > MAX_CONFIG_BYTES ? undefined : await readJson(path);
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (!parsed.success) {
    const type = await readType(path);
    if (type !== undefined && type !== 'LORA') throw unsupported(folder, `its type is ${type}`);
    throw new ModelError(
      'ADAPTER_UNFIT',
      `${path} does not describe a LoRA adapter: ${describeIssue(parsed.issues[0])}.`,
      { hint: 'Compare it with the file that PEFT wrote.' },
    );
  }
  const config = parsed.output;
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
    const content = await readRegularFile(path, MAX_CONFIG_BYTES);
    return isUnread(content) ? undefined : parseJsonAsPython(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Other kinds of adapters have other fields: name the kind rather than a missing field. */
async function readType(path: string): Promise<string | undefined> {
  const parsed = v.safeParse(v.object({ peft_type: v.string() }), await readJson(path));
  return parsed.success ? printable(parsed.output.peft_type) : undefined;
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
