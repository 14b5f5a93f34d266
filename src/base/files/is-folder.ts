import { stat } from 'node:fs/promises';

/** Whether there is a folder, or a link to one; false too where nothing can be seen. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
