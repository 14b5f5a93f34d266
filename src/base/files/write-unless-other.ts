import { readFile, stat } from 'node:fs/promises';
import { writeFileWhole } from './write-file-whole.js';

/** Called with a file that was kept, as it is not what would have been written. */
export type KeptFile = (path: string) => void;

/**
 * Write a file, but keep one that is there already and holds something else: somebody may have edited it.
 * @param onKept absent where files are to be replaced.
 * @throws {UsageError} the place cannot be written to.
 */
export async function writeUnlessOther(
  path: string,
  content: Uint8Array | string,
  onKept: KeptFile | undefined,
): Promise<void> {
  const old = onKept && (await readFile(path).catch(() => undefined));
  if (old === undefined) return writeFileWhole(path, content);
  if (!old.equals(Buffer.from(content))) onKept?.(path);
}

/** Whether a file is there and holds something else than another. */
export async function isOther(path: string, written: string): Promise<boolean> {
  const sizeOf = async (one: string): Promise<number | undefined> => {
    const stats = await stat(one).catch(() => undefined);
    return stats?.isFile() ? stats.size : undefined;
  };
  const [old, now] = [await sizeOf(path), await sizeOf(written)];
  if (old === undefined) return false;
  return old !== now || !(await readFile(path)).equals(await readFile(written));
}
