import { InputError, UsageError } from '../../../base/errors.js';
import type { RgbImage } from '../../../base/image.js';
import type { TaskResult } from '../../../base/task-result.js';
import { createFileNames, resultName } from '../../../render/file-names.js';
import { writeMasks } from '../../../render/drawing/mask-files.js';
import {
  formatOf,
  isFilesFormat,
  resultFormats,
  type DocumentFormat,
  type FilesFormat,
  type ResultFormat,
} from '../../../render/formats/result-formats.js';
import { roundResult } from '../../../render/round-result.js';
import { writeDocument } from '../../../render/formats/write-document.js';
import { resolvePath } from '../prompts/resolve-path.js';

/** As in the command line's files: nothing that is only for people to read. */
const PLAIN = { withInputName: false, isTerminal: false, isColored: false, hasPolygons: false, things: [] };

/**
 * Write an answer in one of the command line's formats.
 *
 * @param given for a video, one for each sample.
 * @param path a file; for a format that writes many files, a folder, which is created.
 * @param image the picture that they are about; undefined for a video.
 * @returns the path of the file that was written.
 * @throws {UsageError} the format is unknown, or the path cannot be written to. {InputError} the format is for
 * objects or videos, and the answer is neither.
 */
export async function exportAnswer(
  given: readonly TaskResult[],
  format: string,
  path: string,
  image?: RgbImage,
): Promise<string> {
  const name = resultFormats.find((one) => one === format);
  if (name === undefined) {
    throw new UsageError('COMMAND', `There is no format '${format}'.`, {
      hint: `Formats: ${resultFormats.join(', ')}.`,
    });
  }
  const row = formatOf(name);
  const results = given.map(roundResult);
  checkHolds(row, name, results);
  const place = resolvePath(path);
  if (!isFilesFormat(row)) {
    await writeDocument(place, await row.createRenderer(PLAIN), results, image);
    return path;
  }
  const files = await row.openFiles({ folder: place, things: [], inputFolders: [] });
  let last: string | undefined;
  for (const result of results) last = await files.write(result);
  return (results.length === 1 ? last : undefined) ?? files.indexPath ?? place;
}

/** @throws {InputError} */
function checkHolds(
  { holds }: DocumentFormat | FilesFormat,
  format: ResultFormat,
  results: readonly TaskResult[],
): void {
  if (holds === 'objects' && results.every(({ detections }) => detections === undefined)) {
    throw new InputError('NO_OBJECTS', `The answer is a text: ${format} is for objects.`, {
      hint: 'Ask for some first, such as: detect cat. Or use another format, such as json.',
    });
  }
  if (holds === 'frames' && results.every(({ frame }) => frame === undefined)) {
    throw new InputError('NO_VIDEO', `The answer is about a picture: ${format} is for videos.`, {
      hint: 'Use another format, such as json.',
    });
  }
}

/**
 * Write the masks of an answer, one picture each.
 *
 * @param folder created when it does not exist.
 * @returns how many were written.
 * @throws {InputError} the answer has no masks. {UsageError} the folder cannot be written to.
 */
export async function saveMasks(results: readonly TaskResult[], folder: string): Promise<number> {
  const hasMask = ({ detections = [] }: TaskResult): boolean => detections.some(({ mask }) => mask);
  if (!results.some(hasMask)) {
    throw new InputError('NO_MASKS', 'The answer has no masks.', {
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
