import { exitCodes, InputError, type ExitCode } from '../../base/errors.js';
import { hasVideoExtension } from '../../base/video/has-video-extension.js';
import type { Engine } from '../../models/open-engine.js';
import { unlessStuck } from '../../base/signals/unless-stuck.js';
import { runMediaTask } from '../../tasks/run-media-task.js';
import { toFailure, type TaskOutput } from '../../tasks/answers/task-output.js';
import type { ResultJournal } from '../../tasks/journal/result-journal.js';
import type { ResultsSheet } from '../../tasks/answers/results-sheet.js';
import type { VideoPlaces } from '../../tasks/videos/video-places.js';
import type { Task } from '../../tasks/prompts/task.js';
import type { BatchSummary } from './batch-summary.js';
import type { ResultWriter } from './writers/result-writer.js';
import { describeProblems } from './describe-problems.js';
import { describeUnused, isForFrames, refuseUnwritten } from '../options/describe-unused.js';
import type { PictureOptions } from '../options/picture-options.js';
import type { FrameFiles } from '../../render/frame-files.js';
import { roundResult } from '../../render/round-result.js';
import { formatStack } from '../print-error.js';
import { openSheet } from './open-writers.js';
import { tellNote } from './run-notes.js';
import { RunProgress } from './run-progress.js';
import type { ShowWord } from '../../render/terminal-picture/show-words.js';
import { formatOf } from '../../render/formats/result-formats.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { LivePicture } from './live-picture.js';
import type { PictureFormatter } from './show-picture.js';
import type { VideoCall } from '../options/video-options.js';
import { writeOutput } from './write-output.js';
import type { PictureWriter } from './write-pictures.js';

/** Everything that a run needs. */
export interface InputsRun {
  readonly inputs: Inputs;
  readonly task: Task;
  readonly engine: Engine;
  readonly options: PictureOptions;
  readonly video: VideoCall;
  readonly resultWriter: ResultWriter;
  readonly pictureWriter: PictureWriter;
  /** Where pictures of video frames are saved; absent for nowhere. */
  readonly frames?: FrameFiles | undefined;
  /** Files of each video. */
  readonly videoPlaces?: VideoPlaces | undefined;
  /** One picture for all frames of a video; absent for one each. */
  readonly live?: LivePicture | undefined;
  readonly summary: BatchSummary;
  readonly signal: AbortSignal;
}

/**
 * Ask about every input and write the results as they arrive.
 * @returns ok, or the exit code of the first input that failed.
 */
export async function runInputs(run: InputsRun): Promise<ExitCode> {
  const { inputs, engine, options, resultWriter, pictureWriter, frames, summary, signal } = run;
  const formatPicture = options.show === 'off' ? undefined : await openPictureFormatter(options.show);
  const progress = new RunProgress(options.isQuiet, inputs);
  let exitCode: ExitCode = exitCodes.ok;
  progress.watchLoading(engine);
  let hasFailedVideo = false;
  let journal: ResultJournal | undefined;
  const sheet = await openSheet(options, inputs);
  try {
    journal = await openAnswers(run, progress);
    const outputs = startTask(run, progress, sheet, formatPicture !== undefined, journal);
    for await (const answered of unlessStuck(outputs, signal)) {
      const output = { ...answered, result: roundResult(answered.result) };
      const { result, image } = output;
      progress.clear();
      const isLive = run.live !== undefined && result.frame !== undefined;
      if (!isLive) run.live?.leave();
      const next = isLive && image !== undefined ? await run.live?.prepare(image, result) : undefined;
      if (formatPicture !== undefined && image !== undefined && !isLive) {
        await writeOutput(process.stdout, await formatPicture(image, result), signal);
      }
      const failure = await writeResult(output, resultWriter);
      tellProblems(failure ?? output, run);
      if (next !== undefined) await run.live?.show(next);
      if (exitCode === exitCodes.ok) exitCode = (failure ?? output).exitCode;
      hasFailedVideo ||= isFailedVideo(output);
      if (frames !== undefined && image !== undefined && result.frame !== undefined) {
        await frames.write(result, image);
      }
      await pictureWriter.write(output);
      if (image !== undefined && (result.frame === undefined || !inputs.isSingle))
        await sheet?.add(image, result);
      summary.add(output, failure !== undefined);
      progress.add(output.isRecalled);
    }
    if (!progress.hasVideo && !hasFailedVideo) {
      for (const sentence of describeUnused(run.video, options.format, inputs.isSingle)) {
        tellInBetween(sentence, run, progress);
      }
      if (exitCode === exitCodes.ok) refuseUnwritten(run.video, sheet !== undefined);
    }
  } finally {
    progress.end();
    run.live?.end();
    await journal?.close();
    await sheet?.write();
    summary.kept = journal?.size;
  }
  return exitCode;
}

/** The file that keeps the answers, if one was named. */
async function openAnswers(run: InputsRun, progress: RunProgress): Promise<ResultJournal | undefined> {
  const { task, engine, options, video, signal } = run;
  if (options.resume === undefined) return undefined;
  const { openJournal } = await import('../../tasks/journal/open-journal.js');
  const { temperature, topP, seed } = options;
  const { similarity } = video.options;
  const asked = { ...options, sampling: { temperature, topP, seed }, similarity };
  return openJournal(options.resume, { task, engine }, asked, signal, (sentence) =>
    tellInBetween(sentence, run, progress),
  );
}

function startTask(
  run: InputsRun,
  progress: RunProgress,
  sheet: ResultsSheet | undefined,
  showsPictures: boolean,
  journal: ResultJournal | undefined,
): AsyncIterable<TaskOutput> {
  const { inputs, task, engine, options, video, resultWriter, signal } = run;
  const { temperature, topP, seed, overlay, cutout, framesTo, split } = options;
  const isKept = [overlay, cutout, framesTo, split, sheet].some((option) => option !== undefined);
  // One sheet for them all, instead of one for each video.
  const isShared = sheet !== undefined && !inputs.isSingle;
  return runMediaTask(inputs.inputs, task, engine, {
    ...options,
    sampling: { temperature, topP, seed },
    journal,
    keepsImages: isKept || showsPictures || hasPictures(run),
    onEvent: resultWriter.tell?.bind(resultWriter),
    signal,
    video: isShared ? { ...video.options, contactSheet: undefined } : video.options,
    videoPlaces: run.videoPlaces,
    isAnimationVideo:
      video.isAsked || isForFrames(options.format) || (sheet !== undefined && inputs.isSingle),
    onNote: (sentence) => tellInBetween(sentence, run, progress),
    onStart: (_, frames) => progress.startVideo(frames),
  });
}

/** Whether the format contains pictures. */
function hasPictures({ options }: InputsRun): boolean {
  return formatOf(options.format).hasPictures === true;
}

/** @returns the failure when a result cannot be stored with the others, which continue. */
async function writeResult(output: TaskOutput, writer: ResultWriter): Promise<TaskOutput | undefined> {
  const { result, answerNumber, image } = output;
  try {
    await writer.write(result, answerNumber, image);
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return toFailure(error, result);
  }
}

/** Whether an input was meant as a video, and could not be read as one. */
function isFailedVideo({ result: { input, error } }: TaskOutput): boolean {
  return error !== undefined && (error.code.startsWith('VIDEO_') || hasVideoExtension(input));
}

/** A note that does not run into the progress or the picture of a video. */
function tellInBetween(sentence: string, { options, live }: InputsRun, progress: RunProgress): void {
  progress.clear();
  if (!options.isQuiet) live?.hide();
  tellNote(sentence, options);
}

async function openPictureFormatter(word: ShowWord): Promise<PictureFormatter | undefined> {
  const { createPictureFormatter } = await import('./show-picture.js');
  return createPictureFormatter(word);
}

function tellProblems({ result, thrown }: TaskOutput, { options, live }: InputsRun): void {
  const lines = describeProblems(result, options);
  if (lines.length > 0 || options.isDebug) live?.hide();
  for (const line of lines) process.stderr.write(`${line}\n`);
  if (options.isDebug) process.stderr.write(formatStack(thrown));
}
