import { stat } from 'node:fs/promises';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { InputError } from '../base/errors.js';
import { readDiskSpace } from '../base/files/read-disk-space.js';

/** Left free for everything else: a full disk breaks more than pali. */
const RESERVE_BYTES = 500e6;

/** This many bytes are about to be written somewhere below this folder. */
export interface SpaceNeed {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Make sure that there is room for what is about to be written; needs on the same disk are added up. The folders are
 * created.
 *
 * @returns free bytes on the disk of the first need, before anything is written.
 * @throws {InputError} there is not enough.
 */
export async function checkFreeSpace(needs: readonly SpaceNeed[]): Promise<number> {
  const disks = new Map<number, { folder: string; bytes: number; freeBytes: number }>();
  for (const { folder, bytes } of needs) {
    await ensureFolder(folder);
    const { dev } = await stat(folder);
    const known = disks.get(dev) ?? { folder, bytes: 0, ...(await readDiskSpace(folder)) };
    disks.set(dev, { ...known, bytes: known.bytes + bytes });
  }
  for (const { folder, bytes, freeBytes } of disks.values()) {
    if (bytes === 0 || bytes + RESERVE_BYTES <= freeBytes) continue;
    throw new InputError(
      'DISK_FULL',
      `The disk of ${folder} has ${inGigabytes(freeBytes)} free, and ${inGigabytes(bytes)} are needed.`,
      {
        hint: 'Free some space (pali gc, pali rm NAME), or set HF_HOME and PALI_HOME to folders on another disk.',
      },
    );
  }
  return [...disks.values()][0].freeBytes;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
