import { DamagedFileError } from '../errors.js';

/** The error for a file of a converted model that is not what it should be. `why` ends a sentence. */
export function damagedModel(path: string, why: string, cause?: unknown): DamagedFileError {
  return new DamagedFileError('MODEL_DAMAGED', `The converted model is damaged: ${path}: ${why}.`, {
    hint: 'Remove it with pali rm NAME and import it again.',
    cause,
  });
}
