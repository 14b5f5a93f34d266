import { checkFolderPlace } from '../base/files/check-folder-place.js';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { unwritable } from '../base/files/unwritable.js';

/**
 * Make a folder for results, with those above it, unless it is there.
 * @param what names it in the message; its path when absent.
 * @returns the outermost folder that was made; undefined if all were there.
 * @throws {UsageError} it cannot be made.
 */
export async function makeFolder(folder: string, what?: string): Promise<string | undefined> {
  return ensureFolder(folder).catch((error: unknown) => {
    throw unwritable(folder, error, what);
  });
}

/**
 * Check that a folder for results could be made, before the model does any work; it is made with the first file in it.
 * @param what names it in the message; its path when absent.
 * @throws {UsageError} it could not.
 */
export async function checkFolderFor(folder: string, what?: string): Promise<void> {
  await checkFolderPlace(folder).catch((error: unknown) => {
    throw unwritable(folder, error, what);
  });
}
