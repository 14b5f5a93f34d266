import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileHash } from './read-repository.js';

/**
 * Whether a file has exactly this content; false when it is not there.
 * @param onBytes called with the number of bytes read since the last call.
 */
export async function isVerified(
  path: string,
  sizeBytes: number,
  { kind, hex }: FileHash,
  onBytes: (count: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile() || stats.size !== sizeBytes) return false;
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  // Git hashes a file with its size in front.
  if (kind === 'git') hash.update(`blob ${sizeBytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, ...(signal && { signal }) })) {
    hash.update(chunk as Buffer);
    onBytes((chunk as Buffer).length);
  }
  return hash.digest('hex') === hex;
}
