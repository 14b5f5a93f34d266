import { open, type FileHandle } from 'node:fs/promises';
import { InputError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';

/**
 * Largest picture file that is read, bytes (512 MiB): a 200-megapixel TIFF or PNG fits, while a video or a disk image
 * named by mistake cannot fill the memory.
 */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Bytes asked for at a time: large enough to be quick, small enough for a pipe. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Read a picture file, a named pipe or a device such as /dev/stdin to its end.
 *
 * @throws {InputError} it is missing, a folder, not readable, empty or over MAX_FILE_BYTES.
 */
export async function readImageFile(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stats = await file.stat();
    if (stats.isDirectory()) throw describeFailure(path, { code: 'EISDIR' });
    return await readToEnd(file, path);
  } catch (error) {
    throw error instanceof InputError ? error : describeFailure(path, error);
  } finally {
    await file?.close();
  }
}

/** A pipe has no size, and a file may grow while it is read: the limit counts what arrived. */
async function readToEnd(file: FileHandle, path: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    sizeBytes += bytesRead;
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new InputError(
        'IMAGE_TOO_LARGE',
        `${showName(path)} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB, the most that a picture file may have.`,
        { hint: 'Make the picture smaller first, or check that it is the right file.' },
      );
    }
    chunks.push(chunk.subarray(0, bytesRead));
  }
  return Buffer.concat(chunks, sizeBytes);
}

function describeFailure(path: string, cause: unknown): InputError {
  const name = showName(path);
  switch ((cause as NodeJS.ErrnoException).code ?? '') {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError('IMAGE_MISSING', `There is no file ${name}.`, {
        hint: explainMissing(path),
        cause,
      });
    case 'EISDIR':
      return new InputError('IMAGE_IS_FOLDER', `${name} is a folder, not a picture.`, {
        hint: 'Name the pictures in it, for instance with *.jpg.',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new InputError('IMAGE_UNREADABLE', `You have no permission to read ${name}.`, {
        hint: 'Change its permissions, or copy it to a place of your own.',
        cause,
      });
    default: {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return new InputError('IMAGE_UNREADABLE', `${name} could not be read: ${showName(reason)}.`, { cause });
    }
  }
}

function explainMissing(path: string): string {
  // The command line is passed on as text: bytes that are not valid UTF-8 are lost on the way.
  if (path.includes('\ufffd'))
    return 'Its name is not UTF-8: rename it, or send its bytes: pali ... - < FILE';
  if (path.startsWith('file://')) return 'Write its path, without file://.';
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(path)) return 'pali fetches only http and https addresses.';
  return 'Check the path; a name with spaces needs quotes.';
}
