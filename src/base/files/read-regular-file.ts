import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Why a file was not read; `size` also when it grew beyond its limit meanwhile. */
export type Unread =
  | { readonly reason: 'missing' | 'irregular' | 'unreadable'; readonly cause?: unknown }
  | { readonly reason: 'size'; readonly sizeBytes: number };

/**
 * The content of a regular file, or of what a link to one leads to. A pipe, a device or a folder is refused without
 * waiting for it, and never more than `maxBytes` are read, whatever the file claims to hold.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Buffer | Unread> {
  let file;
  try {
    // A pipe that nobody writes to would otherwise be waited for. Windows has neither.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { reason: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', cause };
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { reason: 'irregular' };
    if (stats.size > maxBytes) return { reason: 'size', sizeBytes: stats.size };
    const bytes = Buffer.alloc(stats.size);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } catch (cause) {
    return { reason: 'unreadable', cause };
  } finally {
    await file.close();
  }
}

/** Whether readRegularFile gave a reason instead of the content. */
export function isUnread(result: Buffer | Unread): result is Unread {
  return !Buffer.isBuffer(result);
}

/** The reason as the end of a sentence. */
export function describeUnread(unread: Unread): string {
  switch (unread.reason) {
    case 'missing':
      return 'it is missing';
    case 'irregular':
      return 'it is not a regular file';
    case 'unreadable':
      return 'it cannot be read';
    case 'size':
      return `it has ${unread.sizeBytes} bytes`;
  }
}
