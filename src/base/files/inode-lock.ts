import { lstat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `pali-<device>-<inode>.lock` */
const NAME = /^pali-\d+-\d+\.lock$/;

/** Whether a temporary file is such a lock. */
export function isInodeLock(name: string): boolean {
  return NAME.test(name);
}

/**
 * Where a file is locked for this computer whatever it is called: among the temporary files.
 * @returns undefined where the system does not number files, or where another user has put something there.
 */
export async function findInodeLock(file: FileHandle): Promise<string | undefined> {
  const { dev, ino } = await file.stat({ bigint: true });
  if (ino === 0n) return undefined;
  const path = join(tmpdir(), `pali-${dev}-${ino}.lock`);
  const stats = await lstat(path).catch(() => undefined);
  const isOurs = stats === undefined || (stats.isFile() && stats.uid === (process.getuid?.() ?? stats.uid));
  return isOurs ? path : undefined;
}
