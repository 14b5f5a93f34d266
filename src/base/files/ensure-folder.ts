import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFolder } from './is-folder.js';
import { noWriteReasons } from './unwritable.js';

/**
 * Make a folder, with those above it, unless it is there. Node's own `recursive` retries forever where a folder
 * cannot be created and the system says ENOENT, as in /proc.
 *
 * @param mode permissions of the folders that are made.
 * @returns the outermost folder that was made; undefined if all were there.
 * @throws the system's error for the first folder that cannot be made; EEXIST or ENOTDIR where a file is in the way.
 */
export async function ensureFolder(folder: string, mode?: number): Promise<string | undefined> {
  let outermost = folder;
  try {
    await mkdir(folder, { mode });
    return outermost;
  } catch (error) {
    if (await isFolder(folder)) return undefined;
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    outermost = (await ensureFolder(above, mode)) ?? folder;
  }
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!(await isFolder(folder))) throw error;
  }
  return outermost;
}

/** Remove what ensureFolder made for a file that could not be written; folders that hold something stay. */
export async function removeEmptyFolders(folder: string, outermost: string | undefined): Promise<void> {
  if (outermost === undefined) return;
  try {
    await rmdir(folder);
    if (folder !== outermost && folder !== dirname(folder))
      await removeEmptyFolders(dirname(folder), outermost);
  } catch {
    // It is not empty, or is gone.
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the system allows none there',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'what should be a folder above it is a file',
  ...noWriteReasons,
};

/** What ensureFolder threw, as a sentence that names the folder. */
export function describeNoFolder(folder: string, cause: unknown): string {
  const { code = '', path = folder, message = String(cause) } = cause as NodeJS.ErrnoException;
  return `The folder ${path} cannot be made: ${REASONS[code] ?? message}.`;
}
