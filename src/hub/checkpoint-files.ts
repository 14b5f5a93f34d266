import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { DamagedFileError, ModelError } from '../base/errors.js';
import { MASK_DECODER_FILES } from '../base/mask-decoder-file.js';
import type { Repository } from './read-repository.js';

const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
/** Used where they are; a mask decoder in the repository is the right one for its model. */
const USED = ['preprocessor_config.json', 'generation_config.json', ...MASK_DECODER_FILES];
const INDEX_FILE = 'model.safetensors.index.json';
const SINGLE_FILE = 'model.safetensors';

/** Google's largest index has 200 KB. */
const MAX_INDEX_BYTES = 16 * 2 ** 20;
const indexSchema = v.object({ weight_map: v.record(v.string(), v.string()) });

/**
 * The small files that a conversion needs, the index of the shards included.
 * @throws {ModelError} the repository is no checkpoint of transformers.
 */
export function listSmallFiles({ name, files }: Repository): string[] {
  const absent = NEEDED.find((path) => !files.has(path));
  const hasWeights = files.has(INDEX_FILE) || files.has(SINGLE_FILE);
  if (absent !== undefined || !hasWeights) {
    throw new ModelError(
      'CHECKPOINT_INCOMPLETE',
      `${name} is no checkpoint: it has no ${absent ?? SINGLE_FILE}.`,
      {
        hint: 'Models for JAX, Keras or llama.cpp lie in other repositories: look for one with safetensors files.',
      },
    );
  }
  return [...NEEDED, ...USED, INDEX_FILE].filter((path) => files.has(path));
}

/**
 * The files that hold the weights.
 * @param snapshot folder where the index lies, when the repository has one.
 * @throws {DamagedFileError} the index is none, or names files elsewhere.
 */
export async function listWeightFiles({ name, files }: Repository, snapshot: string): Promise<string[]> {
  if (!files.has(INDEX_FILE)) return [SINGLE_FILE];
  const path = `${snapshot}/${INDEX_FILE}`;
  const isLarge = (await stat(path)).size > MAX_INDEX_BYTES;
  const index = isLarge ? undefined : parseJson(await readFile(path, 'utf8'));
  const parsed = v.safeParse(indexSchema, index, { abortEarly: true });
  const shards = parsed.success ? [...new Set(Object.values(parsed.output.weight_map))].sort() : [];
  if (
    shards.length > 0 &&
    shards.every((shard) => /^[A-Za-z0-9_][A-Za-z0-9._-]*\.safetensors$/.test(shard))
  ) {
    return shards;
  }
  throw new DamagedFileError('CHECKPOINT_DAMAGED', `The index of ${name} does not list its shards.`, {
    hint: `Look at ${INDEX_FILE} on the hub, or use another revision.`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
