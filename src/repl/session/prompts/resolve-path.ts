import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A path as people write it: `~/` is the home folder, `file://` addresses are paths. */
export function resolvePath(path: string): string {
  if (path === '~' || /^~[/\\]/.test(path)) return join(homedir(), path.slice(1));
  if (!path.startsWith('file://')) return path;
  try {
    return fileURLToPath(path);
  } catch {
    return path;
  }
}

/** Whether each of these paths is a file or a folder. */
export async function areThere(paths: readonly string[]): Promise<boolean> {
  const checks = paths.map((path) =>
    stat(resolvePath(path)).then(
      (stats) => stats.isFile() || stats.isDirectory(),
      () => false,
    ),
  );
  return (await Promise.all(checks)).every(Boolean);
}
