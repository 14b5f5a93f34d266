import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dtype } from '../base/dtype.js';
import { ModelError } from '../base/errors.js';
import { describeDiskError } from './describe-disk-error.js';
import { checkModelName, listDtypes, modelFolder } from './model-store.js';

/**
 * Remove a model from the store, in one dtype or in all of them.
 *
 * @returns what was removed.
 * @throws {ModelError} it is not there. {UsageError} that is not a name. {InputError} it may not be removed.
 */
export async function removeModel(store: string, name: string, dtype?: Dtype): Promise<Dtype[]> {
  const available = await listDtypes(store, checkModelName(name));
  const unwanted = available.filter((candidate) => dtype === undefined || candidate === dtype);
  if (unwanted.length === 0) {
    throw new ModelError('MODEL_MISSING', `There is no model ${name}${dtype ? ` as ${dtype}` : ''}.`, {
      hint: 'List the installed models with: pali models',
    });
  }
  for (const each of unwanted) {
    await rm(modelFolder(store, name, each), { recursive: true, force: true }).catch((error: unknown) => {
      throw describeDiskError(error);
    });
  }
  // Another dtype, or a file that is not ours, keeps the folder.
  await rmdir(join(store, name)).catch(() => undefined);
  return unwanted;
}
