import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { renamePatiently } from '../base/files/rename-patiently.js';
import type { Dtype } from '../base/dtype.js';
import { ModelError } from '../base/errors.js';
import { describeDiskError } from './describe-disk-error.js';
import { newTemporaryImport } from './temporary-import.js';
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
    // Moved first: where Windows lets a file of it not go, the whole model stays and works.
    const leaving = newTemporaryImport(store);
    try {
      await renamePatiently(modelFolder(store, name, each), leaving);
      await rm(leaving, { recursive: true, force: true });
    } catch (error) {
      throw describeDiskError(error);
    }
  }
  // Another dtype, or a file that is not ours, keeps the folder.
  await rmdir(join(store, name)).catch(() => undefined);
  return unwanted;
}
