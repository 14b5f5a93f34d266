import { open, type FileHandle } from 'node:fs/promises';
import { InputError } from '../../base/errors.js';

/** Largest file of labels that is read, bytes: what a string of JavaScript holds. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * A file of labels as text.
 * @throws {InputError} it cannot be read, is not UTF-8, or is larger than 512 MB.
 */
export async function readDocument(path: string): Promise<string> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'it does not exist' : cause.message;
    throw unreadable(path, why, cause);
  });
  try {
    return decodeDocument(await readBytes(file, path), path);
  } finally {
    await file.close();
  }
}

/** The bytes of an opened file of labels. @throws {InputError} it cannot be read, or is larger than 512 MB. */
export async function readBytes(file: FileHandle, path: string): Promise<Buffer> {
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      throw new InputError('DATASET_UNREADABLE', `${path} is larger than 512 MB.`, {
        hint: 'Split it, and measure the parts.',
      });
    }
    return await file.readFile();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(path, (error as Error).message, error);
  }
}

/** @throws {InputError} they are not UTF-8. */
export function decodeDocument(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, 'it is not UTF-8 text', error);
  }
}

function unreadable(path: string, why: string, cause: unknown): InputError {
  return new InputError('DATASET_UNREADABLE', `${path} cannot be read: ${why}.`, { cause });
}

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
