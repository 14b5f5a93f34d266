import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat, statfs, truncate } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { renamePatiently, thisSystem, type RenameSystem } from './rename-patiently.js';

/** A finished file that could not get its name. It is kept; `unwritable` says where. */
export class NotPlacedError extends Error {
  readonly code: string;
  readonly keptPath: string;

  constructor(keptPath: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.code = (cause as NodeJS.ErrnoException).code ?? '';
    this.keptPath = keptPath;
  }
}

/**
 * Give a finished file its name, in place of an older file. Where that is a mount of its own, as Docker and
 * `mount --bind` make them, it cannot be replaced: the content is then copied into it.
 *
 * @throws {NotPlacedError} neither can be done: the finished file stays where it is, the older one as it was.
 */
export async function putInPlace(from: string, to: string, system = thisSystem): Promise<void> {
  try {
    await renamePatiently(from, to, system, async (code) => code === 'EBUSY' && isMount(to));
  } catch (error) {
    try {
      if (!canCopyInto(error, system)) throw error;
      await copyInto(from, to);
    } catch (cause) {
      throw new NotPlacedError(from, cause);
    }
    await rm(from, { force: true });
  }
}

/** A mount is EBUSY on Linux, or another disk. On Windows EBUSY is a program that has the file open. */
function canCopyInto(error: unknown, { platform }: RenameSystem): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return code === 'EXDEV' || (code === 'EBUSY' && platform !== 'win32');
}

/** Whether a file is a mount of its own; Linux only. */
async function isMount(path: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  // Blanks and backslashes are written as \040 and the like.
  const places = mounts.split('\n').map((line) => line.split(' ')[4]?.replace(/\\([0-7]{3})/g, fromOctal));
  return places.includes(path);
}

function fromOctal(_: string, digits: string): string {
  return String.fromCharCode(parseInt(digits, 8));
}

/** Nothing is touched where the content cannot fit. */
async function copyInto(from: string, to: string): Promise<void> {
  const [{ size }, old] = [await stat(from), await stat(to)];
  const { bavail, bsize } = await statfs(to);
  if (size - old.size > bavail * bsize) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  await pipeline(createReadStream(from), createWriteStream(to, { flags: 'r+' }));
  await truncate(to, size);
}
