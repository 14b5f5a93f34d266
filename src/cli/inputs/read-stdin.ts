import { createReadStream, fstatSync } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { InputError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import type { VideoStream } from '../../tasks/inputs/video-stream.js';

/** Largest picture that is taken from stdin, bytes (512 MiB): as large as a file may be. */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * The content of stdin: all of a picture, or a video to be read as it arrives.
 * @throws {InputError} there is nothing, too much, or a video that cannot be read from front to back.
 */
export async function openStdin(signal: AbortSignal): Promise<Uint8Array | VideoStream> {
  return openBytes(process.stdin, { name: 'Standard input', isFile: isFile(0) }, signal);
}

/** The same for a named pipe. */
export async function openPipe(path: string, signal: AbortSignal): Promise<Uint8Array | VideoStream> {
  return openBytes(createReadStream(path), { name: printablePath(path), isFile: false }, signal);
}

async function openBytes(
  bytes: Readable,
  known: { readonly name: string; readonly isFile: boolean },
  signal: AbortSignal,
): Promise<Uint8Array | VideoStream> {
  const { recogniseBytes } = await import('../../tasks/inputs/open-address.js');
  const media = await recogniseBytes(addAbortSignal(signal, bytes), known);
  return media instanceof Readable ? readStdin(signal, media, { name: known.name }) : media;
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/**
 * Everything on stdin, or in another named stream.
 * @throws {InputError} there is nothing, or too much.
 */
export async function readStdin(
  signal: AbortSignal,
  stdin: Readable = process.stdin,
  { name = 'Standard input', maxBytes = MAX_BYTES } = {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      throw new InputError('IMAGE_TOO_LARGE', `${name} is larger than ${maxBytes / 2 ** 20} MiB.`);
    }
    chunks.push(chunk);
  }
  if (sizeBytes > 0) return Buffer.concat(chunks, sizeBytes);
  throw new InputError('IMAGE_EMPTY', `${name} is empty.`, {
    hint: 'Send the bytes of a picture: cat photo.jpg | pali caption -',
  });
}
