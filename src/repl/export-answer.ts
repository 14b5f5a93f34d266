import { join } from 'node:path';
import { InputError, UsageError } from '../base/errors.js';
import type { TaskResult } from '../base/task-result.js';
import { writeFileWhole } from '../image/write-file-whole.js';
import { createCocoRenderer } from '../render/coco.js';
import { createCsvRenderer } from '../render/csv.js';
import { createFileNames } from '../render/file-names.js';
import { createJsonlRenderer, createJsonRenderer } from '../render/json.js';
import { writeMasks } from '../render/mask-files.js';
import { createRawRenderer } from '../render/raw.js';
import { resultName } from '../render/result-name.js';
import type { ResultRenderer } from '../render/result-renderer.js';
import { createTextRenderer } from '../render/text.js';
import { createYoloWriter } from '../render/yolo.js';
import { resolvePath } from './resolve-path.js';

const renderers: Record<string, () => ResultRenderer> = {
  json: createJsonRenderer,
  jsonl: createJsonlRenderer,
  csv: createCsvRenderer,
  coco: () => createCocoRenderer({ segmentation: 'rle' }),
  text: () => createTextRenderer({ withInputName: false, isTerminal: false, isColored: false }),
  raw: () => createRawRenderer({ withInputName: false }),
};

/** What /export writes: a file each, `yolo` a folder. */
export const exportFormats = [...Object.keys(renderers), 'yolo'];

/** They hold objects and nothing else. */
const objectFormats = ['coco', 'yolo'];

/**
 * Write an answer as the command line's formats do.
 *
 * @param path a file; for yolo a folder, which is made.
 * @returns the path of the file that was written.
 * @throws {UsageError} an unknown format, or a place that cannot be written to. {InputError} the format is for
 * objects and the answer is a text.
 */
export async function exportAnswer(result: TaskResult, format: string, path: string): Promise<string> {
  if (!exportFormats.includes(format)) {
    throw new UsageError('COMMAND', `There is no format '${format}'.`, {
      hint: `Formats: ${exportFormats.join(', ')}.`,
    });
  }
  if (objectFormats.includes(format) && result.detections === undefined) {
    throw new InputError('NO_OBJECTS', `The last answer is a text: ${format} is for objects.`, {
      hint: 'Ask for some first, such as: detect cat. Or use another format, such as json.',
    });
  }
  const place = resolvePath(path);
  if (format === 'yolo') {
    const writer = await createYoloWriter(place);
    return (await writer.write(result)) ?? join(place, 'classes.txt');
  }
  const renderer = renderers[format]();
  await writeFileWhole(place, renderer.start() + renderer.renderResult(result) + renderer.end());
  return path;
}

/**
 * Write the masks of an answer, a picture for each.
 *
 * @param folder is made when it is not there.
 * @returns how many.
 * @throws {InputError} the answer has none. {UsageError} the folder cannot be written to.
 */
export async function saveMasks(result: TaskResult, folder: string): Promise<number> {
  const detections = result.detections ?? [];
  if (detections.every(({ mask }) => mask === undefined)) {
    throw new InputError('NO_MASKS', 'The last answer has no masks.', {
      hint: 'Ask for some first, such as: segment cat',
    });
  }
  const paths = await writeMasks(detections, resolvePath(folder), createFileNames()(resultName(result)));
  return paths.length;
}
