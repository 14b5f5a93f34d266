import { CancelledError, EngineError } from '../base/errors.js';
import type { StreamEvent } from '../base/stream-event.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine } from '../models/open-engine.js';
import type { RunOptions } from '../tasks/inputs/run-options.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import type { Task } from '../tasks/prompts/task.js';
import { runTask } from '../tasks/run-task.js';
import type { ReadOptions } from './read-options.js';

/** One prompt. */
export interface OneQuestion {
  readonly task: Task;
  readonly input: TaskInput;
  readonly engine: Engine;
  readonly options: ReadOptions['run'];
  readonly signal: AbortSignal;
}

/** Ask as the commands do, about one input. @throws what the input or the engine failed with. {CancelledError} */
export async function answerOne(
  { task, input, engine, options, signal }: OneQuestion,
  onEvent?: (event: StreamEvent) => void,
): Promise<TaskResult> {
  const run: RunOptions = { ...options, signal, onEvent, keepsImages: false, jobs: 1 };
  try {
    for await (const { result, thrown } of runTask(feed(input), task, engine, run)) {
      if (result.error === undefined) return result;
      throw thrown instanceof Error ? thrown : new EngineError(result.error.code, result.error.message);
    }
  } catch (error) {
    throw toCancelled(error, signal);
  }
  throw new Error('There was no result.');
}

/** What to throw: once the signal is aborted, a CancelledError, whatever reason it was given. */
export function toCancelled(error: unknown, { aborted, reason }: AbortSignal): unknown {
  if (!aborted || error instanceof CancelledError) return error;
  return Object.assign(new CancelledError(), { cause: reason as unknown });
}

async function* feed(input: TaskInput): AsyncGenerator<TaskInput, void, undefined> {
  yield input;
}
