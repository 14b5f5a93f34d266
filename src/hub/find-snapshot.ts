import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolders, readRef } from './cache-layout.js';

/** A download that is there already. */
export interface FoundSnapshot {
  readonly folder: string;
  readonly revision: string;
  readonly commit: string;
}

/**
 * The first of these revisions that the cache holds with a file of this name, without asking the hub; undefined
 * when it holds none. Its other files may be missing.
 */
export async function findSnapshot(
  cacheFolder: string,
  repository: string,
  revisions: readonly string[],
  file: string,
): Promise<FoundSnapshot | undefined> {
  const folders = cacheFolders(cacheFolder, repository);
  for (const revision of revisions) {
    const commit = await readRef(folders, revision);
    if (commit === undefined) continue;
    const folder = join(folders.snapshots, commit);
    const isFile = await stat(join(folder, file)).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (isFile) return { folder, revision, commit };
  }
  return undefined;
}
