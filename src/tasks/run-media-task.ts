import { InputError, NetworkError, UsageError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { isAnimationFile, isVideoFile } from '../video/source/is-video-file.js';
import { mapInOrder } from '../base/map-in-order.js';
import { isAddress } from './inputs/media-input.js';
import { noteWaiting } from './inputs/note-waiting.js';
import type { VideoPlaces } from './videos/video-places.js';
import type { VideoRunOptions } from './videos/video-job.js';
import type { VideoInput } from './videos/process-video.js';
import type { RunOptions } from './inputs/run-options.js';
import { runTask } from './run-task.js';
import type { TaskInput } from './inputs/task-input.js';
import { toFailure, type TaskOutput } from './answers/task-output.js';
import { promptOf, type Task } from './prompts/task.js';

/** How to run a task on pictures and videos. */
export interface MediaOptions extends VideoRunOptions {
  /** Treat animated GIF and PNG files as videos too, rather than as pictures of their first frame. */
  readonly isAnimationVideo?: boolean;
  /** Files of each video, in place of those that the options for videos name. */
  readonly videoPlaces?: VideoPlaces | undefined;
}

/**
 * Run a task on pictures and videos, in input order: a video, recognised by its content, gives one result per frame. A
 * video that cannot be read, or for which ffmpeg is missing, gives one result with `error`; the others continue.
 *
 * @throws what runTask and processVideo throw, other than errors of single inputs.
 */
export async function* runMediaTask(
  inputs: AsyncIterable<TaskInput>,
  task: Task,
  engine: Engine,
  options: MediaOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const examined = mapInOrder(inputs, options.jobs, (input) => examineInput(input, options));
  const stretch: { video?: VideoInput | undefined; hasEnded: boolean } = { hasEnded: false };
  async function* picturesUntilVideo(): AsyncGenerator<TaskInput, void, undefined> {
    for (;;) {
      const next = await examined.next();
      if (next.done === true) stretch.hasEnded = true;
      else if ('pictures' in next.value) {
        yield next.value;
        continue;
      } else stretch.video = next.value;
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
      const counted = { ...options, onEvent: tell };
      for await (const output of runTask(picturesUntilVideo(), task, engine, counted)) {
        if (!output.answerNumber) count++;
        yield output;
      }
      const { video } = stretch;
      stretch.video = undefined;
      if (video === undefined) continue;
      const beforeVideo = count;
      const tellFrames: RunOptions['onEvent'] =
        onEvent && ((event) => onEvent({ ...event, inputNumber: event.inputNumber + beforeVideo }));
      for await (const output of runVideoInput(video, task, engine, { ...options, onEvent: tellFrames })) {
        count++;
        yield output;
      }
    }
  } finally {
    await examined.return();
  }
}

/** Whether an input is a video: a single file, recognised by its content. */
export async function isVideoInput(
  { pictures }: TaskInput,
  isAnimationVideo: boolean = false,
): Promise<boolean> {
  if (pictures.length !== 1 || typeof pictures[0] !== 'string') return false;
  return (await isVideoFile(pictures[0])) || (isAnimationVideo && (await isAnimationFile(pictures[0])));
}

/**
 * Open an input whose kind is known only once it is opened. If that fails, its error is reported when its turn comes.
 */
async function examineInput(input: TaskInput, options: MediaOptions): Promise<TaskInput | VideoInput> {
  const { name, pictures, open } = input;
  const { signal } = options;
  const isKnown = options.journal?.has(name) === true && isAddress(name);
  if (open === undefined || isKnown) {
    const isVideo = await isVideoInput(input, options.isAnimationVideo);
    return isVideo ? { name, path: String(pictures[0]) } : input;
  }
  const endWaiting = noteWaiting(name, options.onNote);
  try {
    const media = await open(signal);
    return media instanceof Uint8Array ? { name, pictures: [media] } : { name, stream: media };
  } catch (error) {
    signal.throwIfAborted();
    const fail = async (): Promise<never> => {
      throw error;
    };
    return { name, pictures: [fail] };
  } finally {
    endWaiting();
  }
}

async function* runVideoInput(
  input: VideoInput,
  task: Task,
  engine: Engine,
  options: MediaOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const known = { input: input.name, task: task.name, prompt: promptOf(task) };
  const refusal = (options.answers ?? 1) > 1 ? severalAnswers() : await findMissingTool();
  // Ctrl-C in a terminal ends the tools too, which is no fault of theirs.
  options.signal.throwIfAborted();
  if (refusal !== undefined) {
    yield toFailure(refusal, known);
    return;
  }
  // A lot of code, which pictures do not need.
  const { processVideo } = await import('./videos/process-video.js');
  const video = { ...options.video, ...(await options.videoPlaces?.placesFor(input.name)) };
  try {
    yield* processVideo(input, task, engine, { ...options, video });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof InputError || error instanceof NetworkError)) throw error;
    yield toFailure(error, known);
  }
}

/** Pictures beside a video need no ffmpeg. */
async function findMissingTool(): Promise<unknown> {
  const { findFfmpeg } = await import('../video/ffmpeg/find-ffmpeg.js');
  return findFfmpeg().then(
    () => undefined,
    (error: unknown) => error,
  );
}

function severalAnswers(): UsageError {
  return new UsageError('OPTION_VALUE', 'Several answers can be had for pictures only, not for videos.', {
    hint: 'Leave out -n.',
  });
}
