import { open, type FileHandle } from 'node:fs/promises';
import { isVideoInput } from '../../../tasks/run-media-task.js';

/** Where the end of a JPEG is looked for: some programs write more behind it. */
const TAIL_BYTES = 64 * 1024;

/**
 * Whether a picture's file ends as its kind does: a copy that is not finished usually does not. Pictures without a
 * known end, and files that cannot be read, count as whole; videos, whose end says nothing and which come slowly, do
 * not, nor does an empty file or one that has just gone.
 */
export async function looksWhole(path: string): Promise<boolean> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    if (size === 0) return false;
    if (await isVideoInput({ name: path, pictures: [path] })) return false;
    const start = await readPart(file, 0, 12);
    const tail = await readPart(file, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
    return hasEnd(start, tail, size);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  } finally {
    await file?.close();
  }
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function hasEnd(start: Buffer, tail: Buffer, sizeBytes: number): boolean {
  const text = start.toString('latin1');
  if (text.startsWith('\xff\xd8')) return tail.includes(Buffer.from([0xff, 0xd9]));
  if (text.startsWith('\x89PNG')) return tail.includes('IEND');
  if (text.startsWith('GIF8')) return tail.includes(0x3b);
  if (text.startsWith('RIFF')) return sizeBytes >= start.readUInt32LE(4) + 8;
  return true;
}
