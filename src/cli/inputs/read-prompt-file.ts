import { open } from 'node:fs/promises';
import { InputError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import { whyUnreadable } from '../../tasks/inputs/why-unreadable.js';

/** More than any model reads, bytes. */
const MAX_BYTES = 64 * 1024;

/**
 * The prompt in a file: all of its text without line breaks at the end.
 * @throws {InputError} the file cannot be read, is too large, or is not text.
 */
export async function readPromptFile(path: string): Promise<string> {
  const shown = printablePath(path);
  const bytes = await readStart(path).catch((cause: Error) => {
    throw new InputError(
      'PROMPT_UNREADABLE',
      `The prompt's file ${shown} cannot be read: ${whyUnreadable(cause)}`,
      {
        cause,
      },
    );
  });
  if (bytes.length > MAX_BYTES) {
    throw new InputError(
      'PROMPT_UNREADABLE',
      `The prompt's file ${shown} is larger than ${MAX_BYTES / 1024} KiB.`,
    );
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (!text.includes('\0')) return text.replace(/(\r?\n)+$/, '');
  throw new InputError('PROMPT_UNREADABLE', `The prompt's file ${shown} is not text.`);
}

/** A named pipe has no size: the limit counts the bytes that arrive. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    while (sizeBytes <= MAX_BYTES) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, null);
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      sizeBytes += bytesRead;
    }
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}
