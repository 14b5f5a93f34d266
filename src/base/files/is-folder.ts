import { stat } from 'node:fs/promises';

/** Whether there is a folder, or a link to one; also false when the path cannot be read. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
