import { exitCodes, UsageError, type ExitCode } from '../../base/errors.js';
import type { OpenEngine } from '../../models/open-engine.js';
import { runMediaTask } from '../../tasks/run-media-task.js';
import type { TaskOutput } from '../../tasks/answers/task-output.js';
import type { Task } from '../../tasks/prompts/task.js';
import type { ResultWriter } from './create-result-writer.js';
import { describeProgress } from './describe-progress.js';
import { describeProblems } from './describe-problems.js';
import type { PictureOptions } from '../options/picture-options.js';
import { printablePath } from '../../render/printable-path.js';
import { formatStack } from '../print-error.js';
import { createProgressLine } from './progress-line.js';
import type { ShowWord } from '../options/output-options.js';
import { formatOf } from '../../render/formats/result-formats.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { PictureFormatter } from './show-picture.js';
import type { VideoCall } from '../options/video-options.js';
import { writeOutput } from './write-output.js';
import type { PictureWriter } from './write-pictures.js';

/** Everything that a run needs. */
export interface Run {
  readonly inputs: Inputs;
  readonly task: Task;
  readonly engine: OpenEngine;
  readonly options: PictureOptions;
  readonly video: VideoCall;
  readonly resultWriter: ResultWriter;
  readonly pictureWriter: PictureWriter;
  readonly signal: AbortSignal;
}

/**
 * Ask about every input and write what comes.
 * @returns ok, or the exit code of the first input that failed.
 */
export async function runInputs(run: Run): Promise<ExitCode> {
  const { inputs, task, engine, options, video, resultWriter, pictureWriter, signal } = run;
  const { temperature, topP, seed, overlay, cutout } = options;
  const progress = createProgressLine(options.isQuiet);
  const formatPicture = options.show === 'never' ? undefined : await openPictureFormatter(options.show);
  const needsFrames = formatOf(options.format).holds === 'frames';
  const tell = resultWriter.tell?.bind(resultWriter);
  // What is counted: inputs, or from the first video on the frames of the video under way.
  let unit: 'pictures' | 'frames' = 'pictures';
  let total = inputs.total;
  let start = performance.now();
  let done = 0;
  const tellNote = (sentence: string): void => {
    progress.clear();
    if (!options.isQuiet) process.stderr.write(`note: ${printablePath(sentence)}\n`);
  };
  const outputs = runMediaTask(inputs.inputs, task, engine, {
    ...options,
    sampling: { temperature, topP, seed },
    keepsImages: overlay !== undefined || cutout !== undefined || formatPicture !== undefined,
    onEvent: tell,
    signal,
    video: video.options,
    isAnimationVideo: video.isAsked || needsFrames,
    onNote: tellNote,
    onStart: (_, frames) => {
      [unit, total, done, start] = ['frames', frames, 0, performance.now()];
    },
  });
  let exitCode: ExitCode = exitCodes.ok;
  const showProgress = (): void => {
    if (unit === 'pictures' && inputs.isSingle) return;
    progress.show(describeProgress(done, total, performance.now() - start, unit));
  };
  showProgress();
  let isLoading = true;
  const endLoading = (): void => {
    if (isLoading) progress.clear();
    isLoading = false;
  };
  const showLoading = (share: number): void => {
    if (isLoading) progress.show(`loading the model · ${Math.floor(share * 100)} %`);
  };
  // Whoever asks loads it too, and tells of errors.
  engine.load(showLoading).then(endLoading, endLoading);
  try {
    for await (const output of outputs) {
      const { result, image } = output;
      progress.clear();
      if (formatPicture !== undefined && image !== undefined) {
        await writeOutput(process.stdout, await formatPicture(image, result), signal);
      }
      await resultWriter.write(result, output.answerNumber);
      tellProblems(output, options);
      if (exitCode === exitCodes.ok) exitCode = output.exitCode;
      await pictureWriter.write(output);
      done++;
      showProgress();
    }
    if (unit === 'pictures' && needsFrames) {
      tellNote('the input is no video: there are no subtitles.');
    }
    if (video.isAsked && unit === 'pictures') {
      tellNote('none of the inputs is a video; options for videos did nothing.');
      if (exitCode === exitCodes.ok) refuseUnwritten(video);
    }
  } finally {
    endLoading();
    progress.clear();
  }
  return exitCode;
}

/** @throws {UsageError} a video or a sheet of frames was asked for, and there was no video. */
function refuseUnwritten({ options }: VideoCall): void {
  const path = options.annotate ?? options.contactSheet;
  if (path === undefined) return;
  throw new UsageError('OPTION_VALUE', `${printablePath(path)} was not written: no input is a video.`, {
    hint: 'For pictures use --overlay.',
  });
}

async function openPictureFormatter(word: ShowWord): Promise<PictureFormatter | undefined> {
  const { createPictureFormatter } = await import('./show-picture.js');
  return createPictureFormatter(word);
}

function tellProblems({ result, thrown }: TaskOutput, options: PictureOptions): void {
  for (const line of describeProblems(result, options)) process.stderr.write(`${line}\n`);
  if (options.isDebug) process.stderr.write(formatStack(thrown));
}
