import type { TaskResult } from '../../base/task-result.js';
import { writeFileWhole } from '../../base/files/write-file-whole.js';
import type { ResultRenderer } from './result-renderer.js';

/**
 * Write results as one file in a renderer's format, whole or not at all.
 * @throws {UsageError} the place cannot be written to.
 */
export async function writeDocument(
  path: string,
  renderer: ResultRenderer,
  results: readonly TaskResult[],
): Promise<void> {
  const texts = results.map((result) => renderer.renderResult(result));
  await writeFileWhole(path, [renderer.start(), ...texts, renderer.end()].join(''));
}
