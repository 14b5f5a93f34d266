import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError, ModelError } from '../base/errors.js';
import { allOrAbort } from '../base/signals/all-or-abort.js';
import { Semaphore } from '../base/semaphore.js';
import { cacheFolders, linkBlob, writeRef } from './cache-layout.js';
import { downloadFile, type DownloadOptions, type WantedFile } from './download-file.js';
import type { HubClient } from './hub-client.js';
import { countPartialBytes } from './partial-file.js';
import type { HubFile, Repository } from './read-repository.js';
import { isVerified } from './verify-file.js';

/** Small files fetched at a time; a large one alone has several connections. */
const FILES_AT_ONCE = 4;

/** Reports progress and files; can be aborted. */
export interface SnapshotOptions extends DownloadOptions {
  /** Files fetched at a time; 1 fetches large ones one after the other, so that the first arrives early. */
  readonly filesAtOnce?: number | undefined;
  /** Called with each file that is in the snapshot, whole and checked. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/**
 * Fetch files of a repository into the cache that the Hugging Face tools use; files already there are only checked.
 *
 * @param paths names in the repository's root folder.
 * @returns the snapshot's folder, with these files (and whatever was fetched before).
 * @throws {ModelError} a file is not in the repository, or may not be read. {NetworkError} {DamagedFileError}
 * {CancelledError} see downloadFile.
 */
export async function downloadSnapshot(
  client: HubClient,
  repository: Repository,
  cacheFolder: string,
  paths: readonly string[],
  options: SnapshotOptions = {},
): Promise<string> {
  const folders = cacheFolders(cacheFolder, repository.name);
  const snapshot = join(folders.snapshots, repository.commit);
  const files = paths.map((path) => findFile(repository, path));
  const turns = new Semaphore(options.filesAtOnce ?? FILES_AT_ONCE);
  const fetchFile = async (file: HubFile, signal: AbortSignal): Promise<void> => {
    const release = await turns.acquire();
    try {
      if (signal.aborted) throw new CancelledError();
      const blob = join(folders.blobs, file.hash.hex);
      if (await isOnlyInSnapshot(blob, join(snapshot, file.path), file, signal)) {
        options.onFile?.(file.path);
        return;
      }
      const wanted = toWanted(client, repository, file);
      // While a file is checked the next one is fetched.
      await downloadFile(client, wanted, blob, { ...options, signal, onTransferred: release });
      await linkBlob(blob, join(snapshot, file.path));
      options.onFile?.(file.path);
    } finally {
      release();
    }
  };
  await allOrAbort(
    files.map((file) => (signal: AbortSignal) => fetchFile(file, signal)),
    options.signal,
  );
  await writeRef(folders, repository.revision, repository.commit);
  return snapshot;
}

/** Bytes that downloadSnapshot still has to fetch for these files. */
export async function countMissingBytes(
  repository: Repository,
  cacheFolder: string,
  paths: readonly string[],
): Promise<number> {
  const { blobs, snapshots } = cacheFolders(cacheFolder, repository.name);
  let missing = 0;
  for (const { path, sizeBytes, hash } of paths.map((name) => findFile(repository, name))) {
    const blob = join(blobs, hash.hex);
    // A file that lies in the snapshot itself is found through its name as well.
    const there = await stat(blob)
      .catch(() => stat(join(snapshots, repository.commit, path)))
      .then(
        ({ size }) => size,
        () => countPartialBytes(blob),
      );
    missing += Math.max(0, sizeBytes - there);
  }
  return missing;
}

function findFile(repository: Repository, path: string): HubFile {
  const file = repository.files.get(path);
  // Names come from the hub and from an index file: none may lead out of the snapshot's folder.
  if (file && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(path)) return file;
  const shown = path.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
  throw new ModelError('CHECKPOINT_INCOMPLETE', `${repository.name} has no file ${shown}.`, {
    hint: 'Only checkpoints in the format of transformers can be used: config.json, tokenizer, safetensors.',
  });
}

function toWanted(client: HubClient, { name, revision, commit }: Repository, file: HubFile): WantedFile {
  return {
    url: `${client.endpoint}/${name}/resolve/${commit}/${encodeURIComponent(file.path)}`,
    asked: {
      endpoint: client.endpoint,
      repository: name,
      revision,
      hasToken: client.token !== undefined,
      file: file.path,
    },
    name: file.path,
    sizeBytes: file.sizeBytes,
    hash: file.hash,
  };
}

/**
 * Whether the file itself lies in the snapshot, with the right content, and no blob does: so the Hugging Face tools
 * leave it on Windows where links are not allowed.
 */
async function isOnlyInSnapshot(
  blob: string,
  path: string,
  file: HubFile,
  signal: AbortSignal,
): Promise<boolean> {
  if (await lstat(blob).catch(() => undefined)) return false;
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() === true && isVerified(path, file.sizeBytes, file.hash, undefined, signal);
}
