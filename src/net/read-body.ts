import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { InputError } from '../base/errors.js';
import { showAddress } from './describe-fetch-error.js';

/** An answer's body as it was before the server packed it, which some do unasked. */
export function unpackBody({ headers, body }: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): Readable {
  const unpack = unpackers[packingOf(headers)];
  if (unpack === undefined) return body;
  const plain = new PassThrough();
  pipeline(body, unpack(), plain, () => undefined);
  return plain;
}

/** Whether the body is packed, so that its length and its parts are not those of the content. */
export function isPacked(headers: Dispatcher.ResponseData['headers']): boolean {
  return packingOf(headers) in unpackers;
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

const unpackers: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function packingOf(headers: Dispatcher.ResponseData['headers']): string {
  return String(headers['content-encoding'] ?? '').toLowerCase();
}
