import { dirname, join } from 'node:path';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import type { Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { writeImage, type Pixels } from '../../image/draw/encode-image.js';
import { makeFolder } from '../make-folder.js';
import { objectFileName } from '../object-file-name.js';

/**
 * Write each object as a PNG of its own, cut to its box: transparent where its mask is not; the whole box where
 * it has none. The files are called `<baseName>-<number>-<label>.png`, numbered from 1 in the order of the
 * detections. The folder is made when it is needed and not there.
 *
 * @param baseName of the picture, as createFileNames gives it: a folder in it is made, too.
 * @param onKept where given, a file of other content is kept, and this is called with it.
 * @returns the paths, one for each detection.
 * @throws {UsageError} the folder cannot be made or written to.
 */
export async function writeCutouts(
  image: RgbImage,
  detections: readonly Detection[],
  folder: string,
  baseName: string,
  onKept?: KeptFile,
): Promise<string[]> {
  if (detections.length > 0) await makeFolder(dirname(join(folder, baseName)));
  const paths: string[] = [];
  for (const [index, detection] of detections.entries()) {
    const path = join(folder, objectFileName(baseName, index + 1, detection.label));
    await writeImage(cutOut(image, detection), path, onKept);
    paths.push(path);
  }
  return paths;
}

/**
 * The box's pixels as RGBA: every pixel that the box touches, at least one. Transparent pixels keep no colour: what
 * was cut away cannot be recovered.
 */
function cutOut(image: RgbImage, { box, mask }: Pick<Detection, 'box' | 'mask'>): Pixels {
  const x0 = clamp(Math.floor(box.x0), 0, image.width - 1);
  const y0 = clamp(Math.floor(box.y0), 0, image.height - 1);
  const width = clamp(Math.ceil(box.x1), x0 + 1, image.width) - x0;
  const height = clamp(Math.ceil(box.y1), y0 + 1, image.height) - y0;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y0 + y) * image.width + x0 + x;
      if (mask !== undefined && mask.data[from] !== 1) continue;
      const to = (y * width + x) * 4;
      data.set(image.data.subarray(from * 3, from * 3 + 3), to);
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
