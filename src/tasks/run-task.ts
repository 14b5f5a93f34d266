import { CancelledError, describeError, exitCodes, type ExitCode } from '../base/errors.js';
import type { LocScale } from '../answers/to-detections.js';
import type { RgbImage } from '../base/image.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo, SamplingOptions } from '../engine/engine.js';
import { decodeImage } from '../image/decode-image.js';
import { askAboutPictures, type DecodedPicture } from './ask-about-pictures.js';
import { mapInOrder } from './map-in-order.js';
import type { Task } from './task.js';

/** What one prompt is about. */
export interface TaskInput {
  /** How results call it: the path as the user wrote it. */
  readonly name: string;
  /** Paths or file contents; several are the pictures of one prompt, in order. */
  readonly pictures: readonly (string | Uint8Array)[];
}

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
  /** Give the decoded pictures with the results, for drawing on them. */
  readonly keepsImages: boolean;
  readonly signal: AbortSignal;
}

/** One input's result. */
export interface TaskOutput {
  readonly result: TaskResult;
  /** The first picture, when there is an answer and `keepsImages` is set. */
  readonly image?: RgbImage;
  /** The exit code of the input's error; ok when it has none. */
  readonly exitCode: ExitCode;
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
    yield* mapInOrder(inputs, options.jobs, (input, index) => runInput(run, input, index));
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

async function runInput(run: TaskRun, input: TaskInput, index: number): Promise<TaskOutput> {
  const { task, engine, loading, options } = run;
  let known: TaskResult = { input: input.name, task: task.name, prompt: task.prompt };
  let pictures: DecodedPicture[];
  try {
    pictures = await Promise.all(input.pictures.map(decodePicture));
  } catch (error) {
    return toFailure(error, known);
  }
  options.signal.throwIfAborted();
  const info = await loading;
  const { width, height } = pictures[0].image;
  const model = { name: info.model, dtype: info.dtype, device: info.device };
  known = { ...known, model, image: { width, height } };
  try {
    const answer = await askAboutPictures({ task, pictures, engine, info, options });
    // The model is loaded once for all inputs.
    const timings = answer.timings && { ...answer.timings, loadMs: index === 0 ? info.loadMs : 0 };
    const result = { ...known, ...answer, ...(timings && { timings }) };
    return { result, exitCode: exitCodes.ok, ...(options.keepsImages ? { image: pictures[0].image } : {}) };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return toFailure(error, known);
  }
}

async function decodePicture(picture: string | Uint8Array): Promise<DecodedPicture> {
  const start = performance.now();
  const image = await decodeImage(picture);
  return { image, decodeMs: performance.now() - start };
}

function toFailure(error: unknown, known: TaskResult): TaskOutput {
  const { exitCode, ...fields } = describeError(error);
  return { result: { ...known, error: fields }, exitCode };
}
