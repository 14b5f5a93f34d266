import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../base/errors.js';
import { showName } from './show-name.js';

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

/** The sentence for a place that cannot be written to. */
export function unwritable(path: string, cause: unknown): UsageError {
  const name = showName(path);
  const reasons: Record<string, string> = {
    ENOENT: `the folder ${showName(dirname(path))} does not exist`,
    ENOTDIR: `${showName(dirname(path))} is not a folder`,
    EEXIST: 'there is a file of that name where a folder is needed',
    EISDIR: 'it is a folder',
    EACCES: 'you have no permission to write there',
    EPERM: 'you have no permission to write there',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENAMETOOLONG: 'the name is too long',
  };
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const reason = reasons[code] ?? showName(cause instanceof Error ? cause.message : String(cause));
  return new UsageError('OUTPUT_UNWRITABLE', `${name} cannot be written: ${reason}.`, {
    hint: 'Choose another place for it.',
    cause,
  });
}
