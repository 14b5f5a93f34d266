import { ensureFolder } from '../base/ensure-folder.js';
import { unwritable } from '../base/unwritable.js';

/**
 * Make a folder for results, with those above it, unless it is there.
 * @throws {UsageError} it cannot be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  await ensureFolder(folder).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
}
