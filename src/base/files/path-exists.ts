import { access } from 'node:fs/promises';

/** Whether anything is at this path, or at the end of a link; also false when that cannot be found out. */
export async function pathExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
