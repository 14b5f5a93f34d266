import type { MiddlewareHandler } from 'hono';
import { bodyTooLarge, MAX_BODY_BYTES } from './body-size.js';
import type { ServeEnv } from './serve-context.js';

/**
 * Refuse bodies that are too large, by what they say of their length or, where they do not, as they come. hono's own
 * limit copies the request in the second case, which fails with those of its server for Node.
 */
export const limitBody: MiddlewareHandler<ServeEnv> = async (c, next) => {
  const { raw } = c.req;
  if (raw.body === null) return next();
  const length = c.req.header('content-length');
  const isChunked = c.req.header('transfer-encoding') !== undefined;
  if (length !== undefined && !isChunked) {
    if (Number(length) > MAX_BODY_BYTES) throw bodyTooLarge();
    return next();
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of raw.body as unknown as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw bodyTooLarge();
    chunks.push(chunk);
  }
  const { url, method, headers, signal } = raw;
  c.req.raw = new Request(url, { method, headers, signal, body: Buffer.concat(chunks) });
  return next();
};
