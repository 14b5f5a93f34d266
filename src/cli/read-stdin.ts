import { addAbortSignal, type Readable } from 'node:stream';
import { InputError } from '../base/errors.js';

/** Largest picture that is taken from stdin, bytes (512 MiB): as large as a file may be. */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * Everything that comes on stdin.
 * @throws {InputError} there is nothing, or too much.
 */
export async function readStdin(
  signal: AbortSignal,
  stdin: Readable = process.stdin,
  maxBytes = MAX_BYTES,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      throw new InputError('IMAGE_TOO_LARGE', `Standard input is larger than ${maxBytes / 2 ** 20} MiB.`);
    }
    chunks.push(chunk);
  }
  if (sizeBytes > 0) return Buffer.concat(chunks, sizeBytes);
  throw new InputError('IMAGE_EMPTY', 'Nothing came on standard input.', {
    hint: 'Send the bytes of a picture: cat photo.jpg | pali caption -',
  });
}
