import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFolder } from './is-folder.js';
import { noWriteReasons } from './unwritable.js';

/**
 * Make a folder, with those above it, unless it is there. Node's own `recursive` retries forever where a folder
 * cannot be created and the system says ENOENT, as in /proc.
 *
 * @param mode permissions of the folders that are made.
 * @throws the system's error for the first folder that cannot be made; EEXIST or ENOTDIR where a file is in the way.
 */
export async function ensureFolder(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
    return;
  } catch (error) {
    if (await isFolder(folder)) return;
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    await ensureFolder(above, mode);
  }
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!(await isFolder(folder))) throw error;
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
