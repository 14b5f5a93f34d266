import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { DamagedFileError } from '../base/errors.js';
import { tryFileLock, withFileLock } from '../base/files/file-lock.js';
import type { HubClient } from './hub-client.js';
import type { Asked } from './hub-error.js';
import { PartialFile, PARTS_SUFFIX } from './partial-file.js';
import type { FileHash } from './read-repository.js';
import { TransferRate } from './transfer-rate.js';
import { transferParts } from './transfer-parts.js';
import { isVerified } from './verify-file.js';

export const LOCK_SUFFIX = '.pali-lock';

/** How far one file is. */
export interface DownloadProgress {
  readonly file: string;
  /** `checking`: its hash is being calculated. */
  readonly state: 'downloading' | 'checking' | 'done';
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; 0 while unknown. */
  readonly bytesPerSecond: number;
  /** Undefined while unknown. */
  readonly secondsLeft: number | undefined;
}

/** A file to fetch, and what it must be. */
export interface WantedFile {
  readonly url: string;
  readonly asked: Asked;
  /** For progress. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly hash: FileHash;
}

/** Reports progress; can be aborted. */
export interface DownloadOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes fetched per request; tests use fewer. */
  readonly partBytes?: number | undefined;
  /** Called when all bytes have arrived and only the check is left: another file may use the connection. */
  readonly onTransferred?: (() => void) | undefined;
}

/** Wrong content is fetched once more: a proxy or a bad line may have changed it. */
const MAX_DOWNLOADS = 2;

/**
 * Make sure that a file is at `target` with the content that the hub promises: bytes already there are checked,
 * missing ones fetched, and the whole is checked again. A killed download resumes where it stopped. Two processes may
 * fetch the same file; one waits for the other.
 *
 * @throws {DamagedFileError} the content was wrong twice. {NetworkError} {ModelError} {CancelledError}.
 */
export async function downloadFile(
  client: HubClient,
  wanted: WantedFile,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  const { sizeBytes, hash } = wanted;
  const { signal } = options;
  const rate = new TransferRate(client.clock);
  const report = (state: DownloadProgress['state'], doneBytes: number): void => {
    const bytesPerSecond = state === 'downloading' ? rate.bytesPerSecond : 0;
    const secondsLeft = bytesPerSecond > 0 ? (sizeBytes - doneBytes) / bytesPerSecond : undefined;
    options.onProgress?.({
      file: wanted.name,
      state,
      doneBytes,
      totalBytes: sizeBytes,
      bytesPerSecond,
      secondsLeft,
    });
  };
  const check = async (path: string): Promise<boolean> => {
    let read = 0;
    return isVerified(path, sizeBytes, hash, (count) => report('checking', (read += count)), signal);
  };
  // A complete file needs no lock, so it may be in a place where pali may not write.
  if (await check(target)) {
    await clearRemains(target);
    report('done', sizeBytes);
    return;
  }
  await ensureFolder(dirname(target));
  await withFileLock(
    target + LOCK_SUFFIX,
    async () => {
      if (await check(target)) {
        await rm(target + PARTS_SUFFIX, { force: true });
        return;
      }
      for (let downloads = 1; ; downloads++) {
        const file = await PartialFile.open(target, sizeBytes, options.partBytes);
        try {
          let done = file.doneBytes;
          const onBytes = (count: number): void => {
            rate.add(count);
            report('downloading', (done += count));
          };
          report('downloading', done);
          await transferParts(client, file, { url: wanted.url, asked: wanted.asked, onBytes, signal });
          options.onTransferred?.();
          if (sizeBytes === 0 || (await check(file.path))) return await file.finish();
        } catch (error) {
          // A refused file leaves nothing behind.
          if (file.doneBytes === 0) await file.discard();
          else await file.close();
          throw error;
        }
        await file.discard();
        if (downloads === MAX_DOWNLOADS) throw wrongContent(wanted);
      }
    },
    { signal },
  );
  report('done', sizeBytes);
}

/** A process that was killed once the file was in its place has left what belonged to the download. */
async function clearRemains(target: string): Promise<void> {
  if (![LOCK_SUFFIX, PARTS_SUFFIX].some((suffix) => existsSync(target + suffix))) return;
  // Undefined while another process is just finishing; it cannot be had where pali may not write.
  const release = await tryFileLock(target + LOCK_SUFFIX).catch(() => undefined);
  if (release === undefined) return;
  await rm(target + PARTS_SUFFIX, { force: true });
  await release();
}

function wrongContent({ name, asked, url }: WantedFile): DamagedFileError {
  return new DamagedFileError(
    'DOWNLOAD_DAMAGED',
    `${name} of ${asked.repository} arrived twice with different content from what the hub promised.`,
    {
      hint: `Something between here and ${new URL(url).host} changes it: try another network or HF_ENDPOINT.`,
    },
  );
}
