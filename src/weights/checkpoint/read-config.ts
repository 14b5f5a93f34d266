import { join } from 'node:path';
import * as v from 'valibot';
import { ModelError } from '../../base/errors.js';
import type { ModelFamily, TextSpec, VisionSpec } from '../../base/model-spec.js';
import { checkPreprocessor } from './check-preprocessor.js';
import { parseSection, plainObject, quote, readConfigFile } from './config-file.js';
import { readText } from './text-config.js';
import { readVision } from './vision-config.js';

const configSchema = v.object({
  model_type: v.optional(v.string()),
  text_config: plainObject,
  vision_config: plainObject,
  tie_word_embeddings: v.optional(v.boolean()),
});

/** The sizes that a checkpoint's configuration gives. */
export interface CheckpointConfig {
  readonly family: ModelFamily;
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
  const config = parseSection(configSchema, await readConfigFile(path), path);
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
