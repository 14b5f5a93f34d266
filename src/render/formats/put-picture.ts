import { constants, copyFile, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { unwritable } from '../../base/files/unwritable.js';
import { writeImage } from '../../image/draw/encode-image.js';
import { makeFolder } from '../make-folder.js';

/** Picture formats that data set trainers and viewers can read. */
const COPIED = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff']);

/**
 * Add a result's picture to a data set: a copy of the file, or its pixels as a JPEG if it was a video frame, came from
 * an address, or is in a format trainers cannot read.
 *
 * @param path without extension. An existing file of that name and size is left alone.
 * @throws {UsageError} the location cannot be written to.
 */
export async function putPicture(
  { input, frame }: TaskResult,
  image: RgbImage | undefined,
  path: string,
): Promise<void> {
  await makeFolder(dirname(path));
  const extension = extname(input).toLowerCase();
  const source = frame === undefined && COPIED.has(extension) ? await sizeOf(input) : undefined;
  if (source === undefined) {
    if (image !== undefined) await writeImage(image, `${path}.jpg`);
    return;
  }
  const place = `${path}${extension}`;
  if ((await sizeOf(place)) === source) return;
  await copyFile(input, place, constants.COPYFILE_FICLONE).catch((error: unknown) => {
    throw unwritable(place, error);
  });
}

/** The file's size in bytes; undefined if it is not a file. */
async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}
