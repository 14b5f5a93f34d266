import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unwritable } from '../../base/files/unwritable.js';

/**
 * Reject a file whose folder cannot be written to, before the model does any work.
 * @throws {UsageError}
 */
export async function checkFolder(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}
