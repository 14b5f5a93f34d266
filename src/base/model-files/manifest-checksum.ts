import { createHash } from 'node:crypto';

/**
 * A manifest's text with the checksum that is compared when it is read, because nothing else covers the file that says
 * what the others are.
 */
export function addChecksum(manifest: object): string {
  const plain = JSON.parse(JSON.stringify(manifest)) as object;
  return `${JSON.stringify({ ...plain, checksum: hashManifest(plain) }, null, 1)}\n`;
}

/** sha256, hex, over everything in the file but the checksum itself, whatever its spaces and the order of its fields. */
export function hashManifest(value: unknown): string {
  const rest = { ...(value as Record<string, unknown>) };
  delete rest['checksum'];
  const sorted = (_key: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return createHash('sha256').update(JSON.stringify(rest, sorted)).digest('hex');
}
