import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeEmptyFolders } from '../../base/files/ensure-folder.js';
import { unwritable } from '../../base/files/unwritable.js';
import { checkFolderFor, makeFolder } from '../../render/make-folder.js';

/**
 * Reject a file whose folder cannot be written to, before the model does any work.
 * @param foldersToMake folders that need not be there if they can be made.
 * @throws {UsageError}
 */
export async function checkFolder(path: string, foldersToMake: readonly string[] = []): Promise<void> {
  if (foldersToMake.includes(dirname(path))) return checkFolderFor(dirname(path));
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

/**
 * Make the folder of a file that is about to be written, if it is one of those.
 * @returns removes it again if it is still empty, as after a failure.
 * @throws {UsageError} it cannot be made.
 */
export async function makeFolderOf(
  path: string,
  foldersToMake: readonly string[] = [],
): Promise<() => Promise<void>> {
  const folder = dirname(path);
  const made = foldersToMake.includes(folder) ? await makeFolder(folder) : undefined;
  return () => removeEmptyFolders(folder, made);
}
