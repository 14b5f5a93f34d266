import { CancelledError, exitCodes } from '../base/errors.js';
import { mapInOrder } from '../base/map-in-order.js';
import type { Engine } from '../engine/engine.js';
import { toFailure, type TaskOutput } from '../tasks/answers/task-output.js';
import type { RunOptions } from '../tasks/inputs/run-options.js';
import { promptOf } from '../tasks/prompts/task.js';
import { runTask } from '../tasks/run-task.js';
import { checkTruthFits } from './check-truth-fits.js';
import type { Example } from './example.js';
import { exampleTask, type PromptOptions } from './example-task.js';

/** An example and what came of it. */
export interface ExampleOutput extends TaskOutput {
  readonly example: Example;
}

/**
 * Ask about every example, in their order, several at a time. An example whose picture cannot be read, or whose truth
 * does not fit the picture, gives a result with `error`; the others go on.
 *
 * @throws {ModelError} {DamagedFileError} {EngineError} the model cannot be loaded.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* runExamples(
  examples: readonly Example[],
  engine: Engine,
  prompts: PromptOptions,
  options: RunOptions,
): AsyncGenerator<ExampleOutput, void, undefined> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const one = { ...options, jobs: 1, signal };
  try {
    const ask = (example: Example): Promise<ExampleOutput> => runExample(example, engine, prompts, one);
    yield* mapInOrder(each(examples), options.jobs, ask, options.spare);
  } finally {
    stopped.abort(new CancelledError());
  }
}

async function runExample(
  example: Example,
  engine: Engine,
  prompts: PromptOptions,
  options: RunOptions,
): Promise<ExampleOutput> {
  const task = exampleTask(example, prompts);
  const start = { input: example.picture, task: task.name, prompt: promptOf(task) };
  const input = { name: example.picture, pictures: [example.picture] };
  let output: TaskOutput = { result: start, exitCode: exitCodes.ok };
  for await (const one of runTask(each([input]), task, engine, options)) output = one;
  try {
    if (output.result.image !== undefined) checkTruthFits(example, output.result.image);
    return { ...output, example };
  } catch (error) {
    return { ...toFailure(error, start), example };
  }
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item, void, undefined> {
  yield* items;
}
