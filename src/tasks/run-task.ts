import { CancelledError, exitCodes } from '../base/errors.js';
import type { RgbImage } from '../base/image.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import { answerInput, describeInput } from './answers/answer-input.js';
import { mapInOrder } from '../base/map-in-order.js';
import { isAddress } from './inputs/media-input.js';
import { preparePictures } from './inputs/prepare-pictures.js';
import type { RunOptions } from './inputs/run-options.js';
import type { TaskInput } from './inputs/task-input.js';
import type { ResultJournal } from './journal/result-journal.js';
import { toFailure, type TaskOutput } from './answers/task-output.js';
import { promptOf, type Task } from './prompts/task.js';
import { joinSignals } from '../base/signals/join-signals.js';

/**
 * Run a task on every input, in input order, giving each result as soon as it and all before it are ready. An input
 * that fails gives a result with `error`; the others continue.
 *
 * @throws {ModelError} {DamagedFileError} {EngineError} the model cannot be loaded: no input could be answered.
 * @throws {UsageError} an answer cannot be added to the journal. {CancelledError} `signal` was aborted.
 */
export async function* runTask(
  inputs: AsyncIterable<TaskInput>,
  task: Task,
  engine: Engine,
  options: RunOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const stopped = new AbortController();
  const signal = joinSignals(options.signal, stopped.signal);
  const loading = engine.load();
  loading.catch(() => undefined);
  try {
    const run = { task, engine, loading, options: { ...options, signal } };
    const ask = (input: TaskInput, index: number): Promise<TaskOutput[]> => runInput(run, input, index);
    const outputs = mapInOrder(inputs, options.jobs, ask, options.spare);
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

async function runInput(run: TaskRun, input: TaskInput, inputNumber: number): Promise<TaskOutput[]> {
  const { task, options } = run;
  const start = { input: input.name, task: task.name, prompt: promptOf(task) };
  options.onEvent?.({ inputNumber, type: 'start', ...start });
  const journal = isNamed(input) ? options.journal : undefined;
  if (journal?.has(input.name) === true) return recallInput(input, journal, options, start);
  const outputs = await askAboutInput(run, input, inputNumber, start);
  await journal?.add(outputs.map(({ result }) => result));
  return outputs;
}

/** Whether the name says which picture it is: the next one on stdin or in a pipe is another. */
function isNamed({ name, open }: TaskInput): boolean {
  return open === undefined || isAddress(name);
}

/** The answers of an earlier run; the picture is read again only if something needs it. */
async function recallInput(
  input: TaskInput,
  journal: ResultJournal,
  { keepsImages, signal }: RunOptions,
  start: TaskResult,
): Promise<TaskOutput[]> {
  try {
    const results = (await journal.read(input.name)) ?? [];
    const image = keepsImages ? await decodeFirst(input, signal) : undefined;
    return toOutputs(results, image).map((output) => ({ ...output, isRecalled: true }));
  } catch (error) {
    signal.throwIfAborted();
    return [toFailure(error, start)];
  }
}

/** The decoder is loaded once it is needed. */
async function decodeFirst(input: TaskInput, signal: AbortSignal): Promise<RgbImage> {
  const { decodePictures } = await import('./inputs/decode-pictures.js');
  return (await decodePictures(input, signal))[0].image;
}

async function askAboutInput(
  run: TaskRun,
  input: TaskInput,
  inputNumber: number,
  start: TaskResult,
): Promise<TaskOutput[]> {
  const { task, engine, loading, options } = run;
  const { name } = input;
  let known = start;
  try {
    const { image, ...prepared } = await preparePictures(input, engine, options);
    const info = await loading;
    const loadMs = inputNumber === 0 ? info.loadMs : 0;
    const question = { ...prepared, name, task, engine, info, options, inputNumber, loadMs };
    known = describeInput(question, prepared.pictures[0].size);
    return toOutputs(await answerInput(question), image);
  } catch (error) {
    options.signal.throwIfAborted();
    // Without a model no input can be answered, so everything stops here.
    await loading;
    return [toFailure(error, known)];
  }
}

function toOutputs(results: readonly TaskResult[], image: RgbImage | undefined): TaskOutput[] {
  return results.map((result, answerNumber) => ({
    result,
    exitCode: exitCodes.ok,
    ...(results.length > 1 && { answerNumber }),
    ...(image && { image }),
  }));
}
