import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DamagedFileError } from '../base/errors.js';
import type { SnapshotOptions } from './download-snapshot.js';
import { isVerified } from './verify-file.js';

/**
 * Check files in the cache without asking the hub: a blob is named after its hash. A file that is no link to a
 * blob (as on Windows, or in a folder made by hand) cannot be checked, and is taken as it is.
 *
 * @throws {DamagedFileError} one has another content.
 */
export async function checkSnapshot(
  folder: string,
  files: readonly string[],
  { signal, onFile, onProgress }: SnapshotOptions,
): Promise<void> {
  for (const file of files) {
    const blob = await realpath(join(folder, file));
    const hex = basename(blob);
    const isHash = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(hex);
    const { size: totalBytes } = await stat(blob);
    const progress = { file, totalBytes, bytesPerSecond: 0, secondsLeft: undefined };
    let doneBytes = 0;
    const onBytes = (count: number): void =>
      onProgress?.({ ...progress, state: 'checking', doneBytes: (doneBytes += count) });
    const hash = { kind: hex.length === 64 ? 'sha256' : 'git', hex } as const;
    if (isHash && !(await isVerified(blob, totalBytes, hash, onBytes, signal))) {
      throw new DamagedFileError('CACHE_DAMAGED', `${file} in the cache is damaged: ${blob}.`, {
        hint: 'Run the command again without HF_HUB_OFFLINE: the file is then fetched again.',
      });
    }
    onProgress?.({ ...progress, state: 'done', doneBytes: totalBytes });
    onFile?.(file);
  }
}
