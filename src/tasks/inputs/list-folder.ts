import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { hasVideoExtension } from '../../base/video/has-video-extension.js';
import { isVideoFile } from '../../video/source/is-video-file.js';

/** Extensions of the files in a folder that count as pictures. */
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

/** Transport streams, and programs in TypeScript: their first bytes decide. */
const DOUBTFUL_EXTENSIONS = new Set(['.ts', '.mts']);

/** Extensions of pictures that cannot be read. */
const UNREAD_EXTENSIONS = new Set(
  '.bmp .heic .heif .psd .jxl .jp2 .j2k .tga .dng .cr2 .cr3 .nef .arw .orf .rw2 .raf .exr .hdr .eps .ico'.split(
    ' ',
  ),
);

/** The path of a picture or video, or a folder that cannot be read. */
export type FolderEntry = string | { readonly folder: string; readonly cause: unknown };

/**
 * The pictures and videos in a folder, by their extension, in the order of the characters of their paths. Hidden files
 * and folders are left out. A link counts as the file that it leads to; linked folders are not entered, so that a loop
 * of links cannot go on forever. A folder below that cannot be read is in the list with the file system's error.
 *
 * @param onUnread called with the extension of each picture that cannot be read, and so is left out.
 * @throws the file system's error for this folder.
 */
export async function listFolder(
  folder: string,
  isRecursive: boolean,
  onUnread: (extension: string) => void = () => undefined,
): Promise<FolderEntry[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const paths: FolderEntry[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const listBelow = (): Promise<FolderEntry[]> =>
        listFolder(path, isRecursive, onUnread).catch((cause: unknown) => [{ folder: path, cause }]);
      if (isRecursive) paths.push(...(await listBelow()));
    } else if ((await isMedia(path)) && (await isFile(entry, path))) {
      paths.push(path);
    } else if (UNREAD_EXTENSIONS.has(extname(entry.name).toLowerCase()) && entry.isFile()) {
      onUnread(extname(entry.name).toLowerCase());
    }
  }
  return paths;
}

async function isMedia(path: string): Promise<boolean> {
  const extension = extname(path).toLowerCase();
  if (DOUBTFUL_EXTENSIONS.has(extension)) return isVideoFile(path);
  return PICTURE_EXTENSIONS.has(extension) || hasVideoExtension(path);
}

/** Whether a name is called as pictures are. */
export function hasPictureExtension(name: string): boolean {
  return PICTURE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** A broken link is kept: its error is reported when it is read. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(path).then(
    (stats) => stats.isFile(),
    () => true,
  );
}
