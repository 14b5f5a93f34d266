import { InputError, UsageError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { isVideoFile } from '../video/is-video-file.js';
import { processVideo, type VideoObserver, type VideoWishes } from './process-video.js';
import { runTask, toFailure, type RunOptions, type TaskOutput } from './run-task.js';
import type { TaskInput } from './task-input.js';
import { promptOf, type Task } from './task.js';

/** How to run a task on pictures and videos. */
export interface MediaOptions extends RunOptions, VideoObserver {
  readonly video: VideoWishes;
}

/**
 * Run a task on pictures and videos, in input order: a video, known by its content, gives a result for each of its
 * frames. A video that cannot be read gives one result with `error`; the others go on.
 *
 * @throws what runTask and processVideo throw besides errors of single inputs.
 */
export async function* runMediaTask(
  inputs: AsyncIterable<TaskInput>,
  task: Task,
  engine: Engine,
  options: MediaOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const iterator = inputs[Symbol.asyncIterator]();
  const stretch: { video?: TaskInput | undefined; hasEnded: boolean } = { hasEnded: false };
  async function* picturesUntilVideo(): AsyncGenerator<TaskInput, void, undefined> {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) stretch.hasEnded = true;
      else if (await isVideoInput(next.value)) stretch.video = next.value;
      else {
        yield next.value;
        continue;
      }
      return;
    }
  }
  let count = 0;
  try {
    while (!stretch.hasEnded) {
      const before = count;
      const onEvent = options.onEvent;
      const tell: RunOptions['onEvent'] =
        onEvent && ((event) => onEvent({ ...event, inputNumber: event.inputNumber + before }));
      for await (const output of runTask(picturesUntilVideo(), task, engine, { ...options, onEvent: tell })) {
        if (!output.answerNumber) count++;
        yield output;
      }
      const { video } = stretch;
      stretch.video = undefined;
      if (video === undefined) continue;
      for await (const output of runVideoInput(video, task, engine, options)) {
        count++;
        yield output;
      }
    }
  } finally {
    await iterator.return?.();
  }
}

/** Whether an input is a video: one file, known by its content. */
export async function isVideoInput({ pictures }: TaskInput): Promise<boolean> {
  return pictures.length === 1 && typeof pictures[0] === 'string' && isVideoFile(pictures[0]);
}

async function* runVideoInput(
  { name, pictures }: TaskInput,
  task: Task,
  engine: Engine,
  options: MediaOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  if ((options.answers ?? 1) > 1) {
    throw new UsageError('OPTION_VALUE', 'Several answers can be had for pictures only, not for videos.', {
      hint: 'Leave out -n.',
    });
  }
  try {
    yield* processVideo({ path: String(pictures[0]), name }, task, engine, options.video, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    yield toFailure(error, { input: name, task: task.name, prompt: promptOf(task) });
  }
}
