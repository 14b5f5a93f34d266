import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Files of a folder that are taken for pictures. */
const PICTURE_EXTENSIONS = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.gif',
  '.avif',
  '.tif',
  '.tiff',
  '.svg',
]);

/** The path of a picture, or a folder that cannot be read. */
export type FolderEntry = string | { readonly folder: string; readonly cause: unknown };

/**
 * The pictures in a folder, by their extension, in the order of the characters of their paths. Hidden files and
 * folders are left out. A link counts as the file that it leads to; linked folders are not entered, so that no
 * ring of links is walked for ever. A folder below that cannot be read stands in the list with what the file system says.
 *
 * @throws what the file system says of this folder.
 */
export async function listFolder(folder: string, isRecursive: boolean): Promise<FolderEntry[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths: FolderEntry[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const listBelow = (): Promise<FolderEntry[]> =>
        listFolder(path, isRecursive).catch((cause: unknown) => [{ folder: path, cause }]);
      if (isRecursive) paths.push(...(await listBelow()));
    } else if (PICTURE_EXTENSIONS.has(extname(entry.name).toLowerCase()) && (await isFile(entry, path))) {
      paths.push(path);
    }
  }
  return paths;
}

/** A link that leads nowhere is kept: its error is told when it is read. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then(
    (stats) => stats.isFile(),
    () => true,
  );
}
