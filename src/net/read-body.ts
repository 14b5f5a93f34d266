import { PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { InputError } from '../base/errors.js';
import { showAddress } from './describe-fetch-error.js';

/** What servers say of a body that is not packed. */
const PLAIN = new Set(['', 'identity', 'none', 'binary', 'utf-8', 'aws-chunked']);

/** By the names of HTTP. A Map: a server may name anything, also what every object has. */
const UNPACKERS = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * An answer's body as it was before the server packed it, which some do unasked.
 * @throws {InputError} it is packed in a way that is not known.
 */
export function unpackBody(
  { headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>,
  url: string,
): Readable {
  const packing = packingOf(headers);
  if (PLAIN.has(packing)) return body;
  const unpack = UNPACKERS.get(packing);
  if (unpack === undefined) {
    const sentence = `${showAddress(url)} is packed as ${showAddress(packing)}, which is not known.`;
    throw new InputError('URL_UNREADABLE', sentence, { hint: 'Download it first, for instance with curl.' });
  }
  const plain = new PassThrough();
  pipeline(body, unpack(), plain, () => undefined);
  return plain;
}

/** Whether the body is packed, so that its length and its parts are not those of the content. */
export function isPacked(headers: Dispatcher.ResponseData['headers']): boolean {
  return !PLAIN.has(packingOf(headers));
}

/**
 * All of a body.
 * @throws {InputError} it is longer than `maxBytes`. Otherwise the connection's error.
 */
export async function readBody(body: Readable, maxBytes: number, url: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) {
      throw new InputError('PLAYLIST_UNREADABLE', `${showAddress(url)} is longer than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

function packingOf(headers: Dispatcher.ResponseData['headers']): string {
  return String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase();
}
