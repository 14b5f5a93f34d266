import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLockAbandoned, isRunning } from '../base/files/file-lock.js';
import { isInodeLock } from '../base/files/inode-lock.js';
import { LOCK_SUFFIX } from '../hub/download-file.js';
import { listLeftPacks } from '../base/model-files/temporary-pack.js';
import { listModels } from './model-store.js';
import { DOWNLOADS_FOLDER } from './pull-options.js';
import { readHubSettings } from '../hub/hub-settings.js';
import { PARTIAL_SUFFIX, PARTS_SUFFIX } from '../hub/partial-file.js';
import { isLeftImport, isTemporaryImport } from './temporary-import.js';

/** What was removed. */
export interface Garbage {
  readonly paths: readonly string[];
  readonly freedBytes: number;
}

/** Models of `pali bench --synthetic`, among the temporary files. */
const SYNTHETIC = /^pali-synthetic-(\d+)-/;
const STORE_LOCK = /^\.pulling-.+\.lock$/;
/** Temporary names, used before a file gets its own or a lock is removed. */
const MOMENTARY = /(\.pali-lock|\.lock)\.[0-9a-f]{12}$|\.pali-[0-9a-f]{12}$/;

/**
 * Remove what killed processes of pali left behind: unfinished models and packed weights in the store, unfinished
 * downloads and locks in the cache that is shared with the Hugging Face tools. Anything that a running process owns, or
 * that pali did not create, stays.
 */
export async function collectGarbage(store: string, env = process.env): Promise<Garbage> {
  const { cacheFolder } = await readHubSettings(env);
  const found: string[] = [];
  for (const entry of await list(store)) {
    const path = join(store, entry);
    const isLeft = isTemporaryImport(entry)
      ? await isLeftImport(store, entry)
      : STORE_LOCK.test(entry) && (await isLockAbandoned(path));
    if (isLeft || MOMENTARY.test(entry)) found.push(path);
  }
  for (const { folder } of await listModels(store)) found.push(...(await listLeftPacks(folder)));
  found.push(...(await listUnfinished(join(store, DOWNLOADS_FOLDER))));
  for (const repository of (await list(cacheFolder)).filter((entry) => entry.startsWith('models--'))) {
    found.push(...(await listLeftovers(join(cacheFolder, repository))));
  }
  for (const entry of await list(tmpdir())) {
    const owner = SYNTHETIC.exec(entry)?.[1];
    const path = join(tmpdir(), entry);
    const isLeftLock = isInodeLock(entry) && (await isLockAbandoned(path));
    if (isLeftLock || (owner !== undefined && !isRunning(Number(owner)))) found.push(path);
  }
  let freedBytes = 0;
  for (const path of found) {
    freedBytes += await measure(path);
    await rm(path, { recursive: true, force: true });
  }
  return { paths: found, freedBytes };
}

/** What pali left behind in one repository of the cache. */
async function listLeftovers(repository: string): Promise<string[]> {
  const found = await listUnfinished(join(repository, 'blobs'));
  const commits = (await list(join(repository, 'snapshots'))).map((commit) => join('snapshots', commit));
  for (const folder of ['refs', ...commits]) {
    const left = (await list(join(repository, folder))).filter((name) => MOMENTARY.test(name));
    found.push(...left.map((name) => join(repository, folder, name)));
  }
  return found;
}

/** Unfinished downloads that no process has locked. */
async function listUnfinished(blobs: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await list(blobs)) {
    const suffix = [PARTIAL_SUFFIX, PARTS_SUFFIX, LOCK_SUFFIX].find((each) => name.endsWith(each));
    if (suffix === undefined) {
      if (MOMENTARY.test(name)) found.push(join(blobs, name));
      continue;
    }
    const lock = join(blobs, name.slice(0, -suffix.length) + LOCK_SUFFIX);
    if (await isLockAbandoned(lock)) found.push(join(blobs, name));
  }
  return found;
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Bytes of a file, or of all files below a folder; links are not followed. */
async function measure(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return stats?.size ?? 0;
  let sum = 0;
  for (const entry of await list(path)) sum += await measure(join(path, entry));
  return sum;
}
