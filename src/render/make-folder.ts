import { mkdir } from 'node:fs/promises';
import { unwritable } from '../image/write-file-whole.js';

/**
 * Make a folder for results, with those above it, unless it is there.
 * @throws {UsageError} it cannot be made.
 */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
}
