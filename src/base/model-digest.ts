import { createHash } from 'node:crypto';
import type { ModelManifest } from './model-manifest.js';

/**
 * What two copies of a converted model have in common: the sha256, in hex, of the names and hashes of all its files.
 * Models with the same digest give the same answers on the same device.
 */
export function digestModel({ files }: Pick<ModelManifest, 'files'>): string {
  const hash = createHash('sha256');
  const rows = files.map(({ path, sha256 }) => `${path} ${sha256}\n`);
  for (const row of rows.sort()) hash.update(row);
  return hash.digest('hex');
}
