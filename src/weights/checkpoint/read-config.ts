import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ModelError } from '../../base/errors.js';
import type { ModelFamily, TextSpec, VisionSpec } from '../../base/model-spec.js';
import { nameOtherWeights } from '../../base/model-files/name-other-weights.js';
import { parseSection, plainObject, readConfigFile, unfit } from './config-file.js';
import { type PixelScaling, readPreprocessor } from './read-preprocessor.js';
import { refuseOtherModels } from './refuse-other-models.js';
import { refuseQuantised } from './refuse-quantised.js';
import { readText } from './text-config.js';
import { readVision } from './vision-config.js';

/**
 * Fields beside the two sections without an effect here: vocab_size, hidden_size, projection_dim (the shapes say
 * them), ignore_index, image_token_index (the tokenizer knows `<image>`), torch_dtype and dtype, token ids.
 */
const configSchema = v.object({
  text_config: plainObject,
  vision_config: plainObject,
  tie_word_embeddings: v.nullish(v.boolean()),
  transformers_weights: v.nullish(v.string()),
});

/** The sizes that a checkpoint's configuration gives. */
export interface CheckpointConfig {
  readonly family: ModelFamily;
  readonly vision: VisionSpec;
  readonly text: TextSpec;
  /** The output head is the embedding table, unless the weights hold another. */
  readonly isHeadTied: boolean;
  /** Where pixels are not brought to -1 to 1. */
  readonly pixels?: PixelScaling;
}

/**
 * Read config.json (sparse as Google writes it, or complete) and the preprocessor's file beside it. Missing fields
 * take transformers' defaults.
 * @throws {ModelError} no config.json, not a PaliGemma, quantised, sizes that do not fit together, other
 * preprocessing.
 */
export async function readConfig(folder: string): Promise<CheckpointConfig> {
  const path = join(folder, 'config.json');
  const file = parseSection(plainObject, await readMainFile(folder, path), path);
  refuseOtherModels(file, path);
  refuseQuantised(file, path);
  const config = parseSection(configSchema, file, path);
  if (config.transformers_weights) {
    throw unfit(path, 'transformers_weights names another file of weights than model.safetensors');
  }
  const vision = readVision(config.vision_config, path);
  const { family, text } = readText(config.text_config, path);
  const pixels = await readPreprocessor(folder, vision);
  return {
    family,
    vision,
    text,
    // What text_config says of it is not looked at: the field beside it counts, as in transformers.
    isHeadTied: config.tie_word_embeddings ?? true,
    ...(pixels && { pixels }),
  };
}

/** Without a config.json a folder may still say what it is. */
async function readMainFile(folder: string, path: string): Promise<unknown> {
  const names = await readdir(folder).catch((): string[] => []);
  const other = names.includes('config.json') ? undefined : nameOtherWeights(names);
  if (other === undefined) return readConfigFile(path);
  throw new ModelError('CHECKPOINT_INCOMPLETE', `${folder} holds ${other.what}.`, { hint: other.hint });
}
