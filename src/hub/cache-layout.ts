import { copyFile, link, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { renamePatiently } from '../base/files/rename-patiently.js';
import { ensureFolder } from '../base/files/ensure-folder.js';

/** Where a repository's files lie in the cache: the layout of the Hugging Face tools, shared with them. */
export interface CacheFolders {
  /** One file for each content, named after its hash. */
  readonly blobs: string;
  /** `<commit>/<path>`: links to blobs. */
  readonly snapshots: string;
  /** One file for each branch or tag, holding a commit. */
  readonly refs: string;
}

/** @param repository `owner/name`, checked. */
export function cacheFolders(cacheFolder: string, repository: string): CacheFolders {
  const folder = join(cacheFolder, `models--${repository.replaceAll('/', '--')}`);
  return { blobs: join(folder, 'blobs'), snapshots: join(folder, 'snapshots'), refs: join(folder, 'refs') };
}

/** The commit of a branch or tag when it was last looked up; undefined if it never was. */
export async function readRef(folders: CacheFolders, revision: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const text = await readFile(join(folders.refs, revision), 'utf8').catch(() => '');
  return /^[0-9a-f]{40}$/.test(text.trim()) ? text.trim() : undefined;
}

/** Remember where a branch or tag is. */
export async function writeRef(folders: CacheFolders, revision: string, commit: string): Promise<void> {
  if (revision === commit || (await readRef(folders, revision)) === commit) return;
  const path = join(folders.refs, revision);
  await replace(path, (temporary) => writeFile(temporary, commit));
}

/** Put a blob into a snapshot under its name: as a link, or as a copy where links are not allowed (Windows). */
export async function linkBlob(blob: string, path: string): Promise<void> {
  const target = relative(dirname(path), blob);
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await replace(path, async (temporary) => {
    try {
      await symlink(target, temporary);
    } catch {
      await link(blob, temporary).catch(() => copyFile(blob, temporary));
    }
  });
}

async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.pali-${randomBytes(6).toString('hex')}`;
  await ensureFolder(dirname(path));
  try {
    await make(temporary);
    await renamePatiently(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
