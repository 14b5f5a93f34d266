import { ModelError } from '../base/errors.js';
import { MASK_DECODER_FILES } from '../base/mask-decoder-file.js';
import { nameOtherWeights } from '../base/model-files/name-other-weights.js';
import type { Repository } from './read-repository.js';

const NEEDED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
/** Used where present; a mask decoder in the repository is the right one for its model. */
const USED = [
  'preprocessor_config.json',
  'processor_config.json',
  'generation_config.json',
  ...MASK_DECODER_FILES,
];
const INDEX_FILE = 'model.safetensors.index.json';
const SINGLE_FILE = 'model.safetensors';

/**
 * The small files that a conversion needs, the index of the shards included.
 * @throws {ModelError} the repository is not a transformers checkpoint.
 */
export function listSmallFiles({ name, files }: Repository): string[] {
  const hasWeights = files.has(INDEX_FILE) || files.has(SINGLE_FILE);
  const other = hasWeights ? undefined : nameOtherWeights([...files.keys()]);
  if (other) {
    throw new ModelError('CHECKPOINT_INCOMPLETE', `${name} holds ${other.what}.`, { hint: other.hint });
  }
  const absent = NEEDED.find((path) => !files.has(path));
  if (absent !== undefined || !hasWeights) {
    throw new ModelError(
      'CHECKPOINT_INCOMPLETE',
      `${name} is not a checkpoint: it has no ${absent ?? SINGLE_FILE}.`,
      {
        hint: 'Models for JAX, Keras or llama.cpp will not do: look for a repository with safetensors files.',
      },
    );
  }
  // transformers reads the single file where there are both, and so does pali.
  const index = files.has(SINGLE_FILE) ? [] : [INDEX_FILE];
  return [...NEEDED, ...USED, ...index].filter((path) => files.has(path));
}
