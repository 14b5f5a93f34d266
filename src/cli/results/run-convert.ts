import { exitCodes, InputError, joinHint, UsageError, type ExitCode } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { createFrameFiles } from '../../render/frame-files.js';
import { formatOf, type ResultFormat } from '../../render/formats/result-formats.js';
import { roundResult } from '../../render/round-result.js';
import { printablePath } from '../../render/printable-path.js';
import { decodePictures } from '../../tasks/inputs/decode-pictures.js';
import { ResultsSheet } from '../../tasks/answers/results-sheet.js';
import { thingsOfResults } from '../../tasks/prompts/things-of-results.js';
import { readResults } from '../inputs/read-results.js';
import { checkOutputsApart } from '../options/check-outputs-apart.js';
import type { CommandCall } from '../options/command-definition.js';
import { readVerbosity } from '../options/model-options.js';
import { readOutputOptions } from '../options/read-output-options.js';
import { readNumber, readTexts } from '../options/read-option.js';
import { FrameReader } from '../../tasks/videos/frame-reader.js';
import { checkLabelNames } from './check-label-names.js';
import { sharesNames } from './shares-names.js';
import { createResultWriter } from './create-result-writer.js';
import { keepFiles } from './kept-files.js';
import { tellNote } from './run-notes.js';
import { createPictureWriter } from './write-pictures.js';

/**
 * Write existing results in another format, and draw them, without a model. Pictures are only read again if they
 * are drawn or copied.
 *
 * @returns ok, or input when a picture could not be read again.
 */
export async function runConvert(call: CommandCall): Promise<ExitCode> {
  const [file] = call.arguments;
  const options = readOutputOptions(call, 'ask');
  const verbosity = readVerbosity(call);
  const minScore = readNumber(call.options, 'minScore', { min: 0, max: 1 }) ?? 0;
  const { contactSheet, sheetPage: page } = options;
  await checkOutputsApart(call.options, [file]);
  const { overlay, masks, cutout, split, framesTo } = options;
  const needsPictures =
    formatOf(options.format).hasPictures === true ||
    [overlay, cutout, split, contactSheet, framesTo].some((option) => option !== undefined);
  const onNote = (sentence: string): void => tellNote(sentence, verbosity);
  const read: TaskResult[] = [];
  for await (const result of readResults(file, call.signal, () => onNote('the last line was cut off.'))) {
    read.push(withoutWeak(roundResult(result), minScore));
  }
  const results = withoutRetried(read);
  checkHolds(options.format, results);
  const folders = readTexts(call.options, 'from');
  if (sharesNames(options)) {
    const pictures = results.filter(({ frame }) => frame === undefined).map(({ input }) => input);
    checkLabelNames(pictures, folders, 'Name the folder that holds both, --from photos/');
  }
  const hasSeveral = new Set(results.map(({ input }) => input)).size > 1;
  const sheet =
    contactSheet === undefined ? undefined : new ResultsSheet(contactSheet, { page, folders, hasSeveral });
  const kept = keepFiles(options.isOverwriting);
  const frames = framesTo === undefined ? undefined : await createFrameFiles(framesTo, kept.onKept);
  const shared = { ...options, folders, frames, isSingle: false, kept };
  const writer = await createResultWriter({
    ...shared,
    things: thingsOfResults(results),
    onNote,
    signal: call.signal,
  });
  const drawsPictures = [overlay, masks, cutout].some((option) => option !== undefined);
  const pictureWriter = drawsPictures
    ? await createPictureWriter({ ...shared, onKept: kept.onKept })
    : undefined;
  let exitCode: ExitCode = exitCodes.ok;
  const reader = new FrameReader(results, call.signal);
  let isComplete = false;
  try {
    for (const result of results) {
      call.signal.throwIfAborted();
      let image: RgbImage | undefined;
      if (needsPictures && result.error === undefined) {
        const reading = result.frame === undefined ? openAgain(result, call.signal) : reader.read(result);
        image = await reading.catch((error: unknown) => {
          if (!(error instanceof InputError)) throw error;
          process.stderr.write(`${printablePath(joinHint(error))}\n`);
          exitCode = exitCodes.input;
          return undefined;
        });
      }
      await writer.write(result, undefined, image);
      await pictureWriter?.write({ result, exitCode: exitCodes.ok, ...(image && { image }) });
      if (image === undefined) continue;
      await sheet?.add(image, result);
      if (result.frame !== undefined) await frames?.write(result, image);
    }
    isComplete = true;
  } finally {
    await reader.close();
    await writer.end(isComplete ? 'complete' : call.signal.aborted ? 'stopped' : 'failed');
  }
  await sheet?.write();
  return exitCode;
}

/** @throws {UsageError} the format is for objects or frames, and there are none. */
function checkHolds(format: ResultFormat, results: readonly TaskResult[]): void {
  const { holds } = formatOf(format);
  const fits = ({ detections, frame }: TaskResult): boolean =>
    holds === 'objects' ? detections !== undefined : holds === 'all' || frame !== undefined;
  if (results.length === 0 || results.some(fits)) return;
  const what =
    holds === 'objects' ? 'objects, and these results are texts' : 'videos, and these are of pictures';
  throw new UsageError('OPTION_VALUE', `--format ${format} is for ${what}.`, {
    hint: 'Choose another format, such as csv.',
  });
}

/** @throws {InputError} the picture is gone, no longer a picture, or a different one. */
async function openAgain({ input, image }: TaskResult, signal: AbortSignal): Promise<RgbImage> {
  const [{ image: picture }] = await decodePictures({ name: input, pictures: [input] }, signal);
  if (image === undefined || (image.width === picture.width && image.height === picture.height))
    return picture;
  throw new InputError('PICTURE_CHANGED', `The size of ${input} has changed since it was answered about.`, {
    hint: 'Ask again about it.',
  });
}

/** Without failures that a later run, or another try, had an answer for. */
function withoutRetried(results: readonly TaskResult[]): TaskResult[] {
  const keyOf = ({ input, frame }: TaskResult): string => `${frame?.index ?? ''} ${input}`;
  const answered = new Set(results.filter(({ error }) => error === undefined).map(keyOf));
  return results.filter((result) => result.error === undefined || !answered.has(keyOf(result)));
}

function withoutWeak(result: TaskResult, minScore: number): TaskResult {
  const { detections } = result;
  if (detections === undefined || minScore === 0) return result;
  return { ...result, detections: detections.filter(({ score }) => score >= minScore) };
}
