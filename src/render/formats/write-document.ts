import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import type { ResultRenderer } from './result-renderer.js';

/**
 * Write results as one file in a renderer's format, either completely or not at all.
 * @param image the picture they are about, for formats that include pictures.
 * @throws {UsageError} the location cannot be written to.
 */
export async function writeDocument(
  path: string,
  renderer: ResultRenderer,
  results: readonly TaskResult[],
  image?: RgbImage,
): Promise<void> {
  const texts: string[] = [];
  for (const result of results) {
    texts.push((await renderer.renderWithPicture?.(result, image)) ?? renderer.renderResult(result));
  }
  await writeFileWhole(path, [renderer.start(), ...texts, renderer.end()].join(''));
}
