import { CancelledError, describeError, exitCodes, type ExitCode } from '../base/errors.js';
import type { LocScale } from '../answers/to-detections.js';
import type { RgbImage } from '../base/image.js';
import type { StreamEvent } from '../base/stream-event.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo, SamplingOptions } from '../engine/engine.js';
import { askAboutPictures, type Answer, type PictureQuestion } from './ask-about-pictures.js';
import { askInParts, type AskedPart } from './ask-in-parts.js';
import { mapInOrder } from './map-in-order.js';
import { preparePictures } from './prepare-pictures.js';
import type { TaskInput } from './task-input.js';
import { promptOf, type Task } from './task.js';
import { tellProgress } from './tell-progress.js';

/** How to run a task. */
export interface RunOptions {
  readonly sampling: SamplingOptions;
  /** The task's own limit when absent. */
  readonly maxTokens?: number | undefined;
  /** Let the model produce only what the task's grammar allows. */
  readonly isConstrained: boolean;
  /** Report tokens with so many alternatives (0 to 20); no tokens when absent. */
  readonly alternatives?: number | undefined;
  readonly locScale: LocScale;
  /** Inputs under way at the same time, 1 or more: pictures are decoded while others are answered. */
  readonly jobs: number;
  /**
   * Answers for each input, 1 or more, each a result of its own: the seeds are `sampling.seed` and those after it.
   * One where absent.
   */
  readonly answers?: number | undefined;
  /** Ask also about overlapping tiles, so many along the longer side of the picture; 1 or absent for none. */
  readonly tiles?: number | undefined;
  /**
   * Told of the start of each input, and of tokens and boxes as they come; not of ends, which are the results.
   */
  readonly onEvent?: ((event: StreamEvent) => void) | undefined;
  /** Give the decoded pictures with the results, for drawing on them. */
  readonly keepsImages: boolean;
  readonly signal: AbortSignal;
}

/** One input's result. */
export interface TaskOutput {
  readonly result: TaskResult;
  /** Where each input gets several answers: which of them, from 0. */
  readonly answerNumber?: number;
  /** The first picture, when there is an answer and `keepsImages` is set. */
  readonly image?: RgbImage;
  /** The exit code of the input's error; ok when it has none. */
  readonly exitCode: ExitCode;
  /** What was thrown, when there is an error: its stack shows where a bug is. */
  readonly thrown?: unknown;
}

/**
 * Run a task on every input, in input order, each result as soon as it and all before it are ready. An input
 * that fails gives a result with `error`; the others go on.
 *
 * @throws {ModelError} {DamagedFileError} {EngineError} the model cannot be loaded: no input could be answered.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* runTask(
  inputs: AsyncIterable<TaskInput>,
  task: Task,
  engine: Engine,
  options: RunOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const loading = engine.load();
  loading.catch(() => undefined);
  try {
    const run = { task, engine, loading, options: { ...options, signal } };
    const outputs = mapInOrder(inputs, options.jobs, (input, index) => runInput(run, input, index));
    for await (const ofInput of outputs) yield* ofInput;
  } finally {
    stopped.abort(new CancelledError());
  }
}

interface TaskRun {
  readonly task: Task;
  readonly engine: Engine;
  readonly loading: Promise<EngineInfo>;
  readonly options: RunOptions;
}

async function runInput(run: TaskRun, input: TaskInput, index: number): Promise<TaskOutput[]> {
  const { task, engine, loading, options } = run;
  const start = { input: input.name, task: task.name, prompt: promptOf(task) };
  let known: TaskResult = start;
  options.onEvent?.({ inputNumber: index, type: 'start', ...start });
  try {
    const { pictures, size, shownSize, image } = await preparePictures(input, loading, options);
    const info = await loading;
    const model = { name: info.model, dtype: info.dtype, device: info.device };
    known = { ...known, model, image: size };
    const answers = await askForAnswers({ task, pictures, shownSize, engine, info, options }, index);
    return answers.map((answer, answerNumber) => {
      // The model is loaded once for all inputs.
      const timings = answer.timings && { ...answer.timings, loadMs: index === 0 ? info.loadMs : 0 };
      const result = { ...known, ...answer, ...(timings && { timings }) };
      return {
        result,
        exitCode: exitCodes.ok,
        ...(answers.length > 1 && { answerNumber }),
        ...(image && { image }),
      };
    });
  } catch (error) {
    options.signal.throwIfAborted();
    // Without a model no input can be answered: that is the end of all.
    await loading;
    return [toFailure(error, known)];
  }
}

async function askForAnswers(question: PictureQuestion, inputNumber: number): Promise<Answer[]> {
  const { task, pictures, options } = question;
  const { tiles = 1, answers = 1, onEvent, sampling, locScale, alternatives } = options;
  const isInParts = task.parts !== undefined || tiles > 1;
  const picture = question.shownSize ?? pictures[0].image;
  const ask = (answerNumber: number): Promise<Answer> => {
    const seed = sampling.seed + answerNumber;
    const seeded = { ...question, options: { ...options, sampling: { ...sampling, seed } } };
    const answerPlace = { inputNumber, ...(answers > 1 && { answerNumber }) };
    const watch =
      onEvent &&
      (({ tile, ...part }: AskedPart) =>
        tellProgress({ place: { ...answerPlace, ...part }, picture, tile, locScale, alternatives }, onEvent));
    return isInParts
      ? askInParts(seeded, tiles, watch)
      : askAboutPictures({ ...seeded, onEvent: watch?.({}) });
  };
  return Promise.all(Array.from({ length: answers }, (_, answerNumber) => ask(answerNumber)));
}

/** The row of an input that failed. */
export function toFailure(error: unknown, known: TaskResult): TaskOutput {
  const { exitCode, ...fields } = describeError(error);
  return { result: { ...known, error: fields }, exitCode, thrown: error };
}
