import { open } from 'node:fs/promises';
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
    throw new InputError('DATASET_UNREADABLE', `${path} cannot be read: ${why}.`, { cause });
  });
  try {
    const { size } = await file.stat();
    if (size > MAX_BYTES) {
      throw new InputError('DATASET_UNREADABLE', `${path} is larger than 512 MB.`, {
        hint: 'Split it, and measure the parts.',
      });
    }
    const bytes = await file.readFile();
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof TypeError ? 'it is not UTF-8 text' : (error as Error).message;
    throw new InputError('DATASET_UNREADABLE', `${path} cannot be read: ${why}.`, { cause: error });
  } finally {
    await file.close();
  }
}

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
