import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Check that a folder is there and takes files, or that it could be made, without making it: a run that has nothing to
 * write must not leave an empty folder behind.
 *
 * @throws the system's error; EEXIST where a file is in its place, ENOTDIR where one is in that of a folder above.
 */
export async function checkFolderPlace(folder: string): Promise<void> {
  const above = dirname(folder);
  const stats = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || above === folder) throw error;
    return undefined;
  });
  if (stats === undefined) return checkAbove(above);
  if (!stats.isDirectory()) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST', path: folder });
  await access(folder, constants.W_OK);
}

async function checkAbove(folder: string): Promise<void> {
  await checkFolderPlace(folder).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? Object.assign(new Error('ENOTDIR'), { code: 'ENOTDIR' }) : error;
  });
}
