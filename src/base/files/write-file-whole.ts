import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { unwritable } from './unwritable.js';

/**
 * Write a file whole or not at all: into a new file beside it, which then takes its name. An older file of that
 * name is replaced; after a failure it is still there, and nothing else is.
 *
 * @throws {UsageError} the place cannot be written to.
 */
export async function writeFileWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}
