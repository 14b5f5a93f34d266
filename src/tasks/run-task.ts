import { CancelledError, exitCodes } from '../base/errors.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import { answerInput, describeInput } from './answers/answer-input.js';
import { mapInOrder } from '../base/map-in-order.js';
import { preparePictures } from './inputs/prepare-pictures.js';
import type { RunOptions } from './inputs/run-options.js';
import type { TaskInput } from './inputs/task-input.js';
import { toFailure, type TaskOutput } from './answers/task-output.js';
import { promptOf, type Task } from './prompts/task.js';
import { joinSignals } from '../base/signals/join-signals.js';

/**
 * Run a task on every input, in input order, giving each result as soon as it and all before it are ready. An input
 * that fails gives a result with `error`; the others continue.
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
  const signal = joinSignals(options.signal, stopped.signal);
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

async function runInput(run: TaskRun, input: TaskInput, inputNumber: number): Promise<TaskOutput[]> {
  const { task, engine, loading, options } = run;
  const { name } = input;
  const start = { input: name, task: task.name, prompt: promptOf(task) };
  let known: TaskResult = start;
  options.onEvent?.({ inputNumber, type: 'start', ...start });
  try {
    const { image, ...prepared } = await preparePictures(input, engine, options);
    const info = await loading;
    const loadMs = inputNumber === 0 ? info.loadMs : 0;
    const question = { ...prepared, name, task, engine, info, options, inputNumber, loadMs };
    known = describeInput(question, prepared.pictures[0].size);
    const results = await answerInput(question);
    return results.map((result, answerNumber) => ({
      result,
      exitCode: exitCodes.ok,
      ...(results.length > 1 && { answerNumber }),
      ...(image && { image }),
    }));
  } catch (error) {
    options.signal.throwIfAborted();
    // Without a model no input can be answered, so everything stops here.
    await loading;
    return [toFailure(error, known)];
  }
}
