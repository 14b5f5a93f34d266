import { CancelledError, exitCodes } from '../base/errors.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import { askAboutPictures, type Answer, type PictureQuestion } from './answers/ask-about-pictures.js';
import { askInParts, type AskedPart } from './answers/ask-in-parts.js';
import { mapInOrder } from '../base/map-in-order.js';
import { preparePictures } from './inputs/prepare-pictures.js';
import type { RunOptions } from './inputs/run-options.js';
import type { TaskInput } from './inputs/task-input.js';
import { toFailure, type TaskOutput } from './answers/task-output.js';
import { promptOf, type Task } from './prompts/task.js';
import { tellProgress } from './answers/tell-progress.js';

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
    const { pictures, size, shownSize, image } = await preparePictures(input, engine, options);
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
