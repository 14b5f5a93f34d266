import { dirname, join } from 'node:path';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import type { Detection } from '../../base/detection.js';
import { writeImage } from '../../image/draw/encode-image.js';
import { makeFolder } from '../make-folder.js';
import { objectFileName } from '../object-file-name.js';

/**
 * Write each detection's mask as an 8-bit gray PNG of the picture's size: 255 where the object is, else 0. The
 * files are called `<baseName>-<number>-<label>.png`, numbered from 1 in the order of the detections. The folder
 * is made when it is needed and not there.
 *
 * @param baseName of the picture, as createFileNames gives it: a folder in it is made, too.
 * @param onKept where given, a file of other content is kept, and this is called with it.
 * @returns the paths, one for each detection that has a mask.
 * @throws {UsageError} the folder cannot be made or written to.
 */
export async function writeMasks(
  detections: readonly Detection[],
  folder: string,
  baseName: string,
  onKept?: KeptFile,
): Promise<string[]> {
  if (detections.some(({ mask }) => mask !== undefined)) await makeFolder(dirname(join(folder, baseName)));
  const paths: string[] = [];
  for (const [index, { mask, label }] of detections.entries()) {
    if (mask === undefined) continue;
    const path = join(folder, objectFileName(baseName, index + 1, label));
    const data = mask.data.map((value) => (value === 1 ? 255 : 0));
    await writeImage({ width: mask.width, height: mask.height, data }, path, onKept);
    paths.push(path);
  }
  return paths;
}
