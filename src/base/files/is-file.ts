import { stat } from 'node:fs/promises';

/** Whether there is a regular file, or a link to one; also false when the path cannot be read. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
