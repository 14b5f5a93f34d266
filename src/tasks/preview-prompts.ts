import { exitCodes } from '../base/errors.js';
import { decodePictures } from './inputs/decode-pictures.js';
import type { TaskInput } from './inputs/task-input.js';
import { toFailure, type TaskOutput } from './answers/task-output.js';
import { promptOf, type Task } from './prompts/task.js';

/**
 * What would be sent for each input: results without an answer. A picture is opened only if the prompt depends on its
 * size.
 *
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* previewPrompts(
  inputs: AsyncIterable<TaskInput>,
  task: Task,
  signal: AbortSignal,
): AsyncGenerator<TaskOutput, void, undefined> {
  for await (const input of inputs) {
    signal.throwIfAborted();
    const known = { input: input.name, task: task.name, prompt: promptOf(task) };
    try {
      if (task.promptFor === undefined) {
        yield { result: known, exitCode: exitCodes.ok };
      } else {
        const [{ image }] = await decodePictures(input, signal);
        yield { result: { ...known, prompt: task.promptFor(image) }, exitCode: exitCodes.ok };
      }
    } catch (error) {
      signal.throwIfAborted();
      yield toFailure(error, known);
    }
  }
}
