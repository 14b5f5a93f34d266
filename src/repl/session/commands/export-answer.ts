import { extname, join } from 'node:path';
import { InputError, UsageError } from '../../../base/errors.js';
import type { TaskResult } from '../../../base/task-result.js';
import { createCocoRenderer } from '../../../render/formats/coco.js';
import { createCsvRenderer } from '../../../render/formats/csv.js';
import { createFileNames, resultName } from '../../../render/file-names.js';
import { createJsonlRenderer, createJsonRenderer } from '../../../render/formats/json.js';
import { writeMasks } from '../../../render/drawing/mask-files.js';
import { createRawRenderer } from '../../../render/formats/raw.js';
import type { ResultRenderer } from '../../../render/formats/result-renderer.js';
import { createSrtRenderer, createVttRenderer } from '../../../render/formats/subtitles.js';
import { createTextRenderer } from '../../../render/formats/text.js';
import { writeDocument } from '../../../render/formats/write-document.js';
import { createYoloWriter } from '../../../render/formats/yolo.js';
import { resolvePath } from '../prompts/resolve-path.js';

const renderers: Record<string, () => ResultRenderer> = {
  json: createJsonRenderer,
  jsonl: createJsonlRenderer,
  csv: createCsvRenderer,
  srt: createSrtRenderer,
  vtt: createVttRenderer,
  coco: () => createCocoRenderer({ segmentation: 'rle' }),
  text: () => createTextRenderer({ withInputName: false, isTerminal: false, isColored: false }),
  raw: () => createRawRenderer({ withInputName: false }),
};

/** What /export writes: a file each, `yolo` a folder. */
export const exportFormats = [...Object.keys(renderers), 'yolo'];

/** They hold objects and nothing else. */
const objectFormats = ['coco', 'yolo'];
/** They are about stretches of time. */
const subtitleFormats = ['srt', 'vtt'];
/** What a file's name may end in, where it is not the format's own name. */
const otherExtensions: Readonly<Record<string, string>> = { txt: 'text', ndjson: 'jsonl' };

/** The format that a file's name stands for; undefined for none. */
export function formatOfPath(path: string): string | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  const format = otherExtensions[extension] ?? extension;
  return ['coco', 'text', 'raw'].includes(extension)
    ? undefined
    : Object.keys(renderers).find((one) => one === format);
}

/**
 * Write an answer as the command line's formats do.
 *
 * @param results of a video one for each sample.
 * @param path a file; for yolo a folder, which is made.
 * @returns the path of the file that was written.
 * @throws {UsageError} an unknown format, or a place that cannot be written to. {InputError} the format is for
 * objects and the answer is a text.
 */
export async function exportAnswer(
  results: readonly TaskResult[],
  format: string,
  path: string,
): Promise<string> {
  if (!exportFormats.includes(format)) {
    throw new UsageError('COMMAND', `There is no format '${format}'.`, {
      hint: `Formats: ${exportFormats.join(', ')}.`,
    });
  }
  if (objectFormats.includes(format) && results.every(({ detections }) => detections === undefined)) {
    throw new InputError('NO_OBJECTS', `The last answer is a text: ${format} is for objects.`, {
      hint: 'Ask for some first, such as: detect cat. Or use another format, such as json.',
    });
  }
  if (subtitleFormats.includes(format) && results.every(({ frame }) => frame === undefined)) {
    throw new InputError('NO_VIDEO', `The last answer is about a picture: ${format} is for videos.`, {
      hint: 'Use another format, such as json.',
    });
  }
  const place = resolvePath(path);
  if (format !== 'yolo') {
    await writeDocument(place, renderers[format](), results);
    return path;
  }
  const writer = await createYoloWriter(place);
  let last: string | undefined;
  for (const result of results) last = await writer.write(result);
  return (results.length === 1 ? last : undefined) ?? join(place, 'classes.txt');
}

/**
 * Write the masks of an answer, a picture for each.
 *
 * @param folder is made when it is not there.
 * @returns how many.
 * @throws {InputError} the answer has none. {UsageError} the folder cannot be written to.
 */
export async function saveMasks(results: readonly TaskResult[], folder: string): Promise<number> {
  const hasMask = ({ detections = [] }: TaskResult): boolean => detections.some(({ mask }) => mask);
  if (!results.some(hasMask)) {
    throw new InputError('NO_MASKS', 'The last answer has no masks.', {
      hint: 'Ask for some first, such as: segment cat',
    });
  }
  const nameFor = createFileNames();
  let count = 0;
  for (const result of results) {
    const paths = await writeMasks(result.detections ?? [], resolvePath(folder), nameFor(resultName(result)));
    count += paths.length;
  }
  return count;
}
