import type { Engine } from '../../engine/engine.js';
import { measureDuration, probeSource, probeVideo } from '../../video/probe/probe-video.js';
import { countSamples, type SamplingPlan } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { annotateVideo } from './annotate-video.js';
import { askJointly } from './ask-jointly.js';
import { checkOnceWishes } from './check-live-options.js';
import { checkVideoWishes } from './check-video-options.js';
import { describeRedactGaps } from './describe-redact-gaps.js';
import { finishOutputs, keepsImages } from './finish-outputs.js';
import { noteWaiting } from '../inputs/note-waiting.js';
import { processLive } from './process-live.js';
import type { ProcessOptions } from './process-options.js';
import { ResultJournal } from './result-journal.js';
import { runVideoTask } from './run-video-task.js';
import type { TaskOutput } from '../answers/task-output.js';
import { promptOf, type Task } from '../prompts/task.js';
import { isLiveVideo, type VideoStream } from '../inputs/video-stream.js';
import type { VideoWishes } from './video-options.js';

/** A video, and how results call it. */
export type VideoInput = { readonly name: string } & (
  { readonly path: string } | { readonly stream: VideoStream }
);

/**
 * Run a task on a video: probe it, take its frames, ask, and write what was wished for beside the results.
 *
 * @throws {InputError} it is no video that can be decoded. {UsageError} wishes that do not go together.
 * @throws {ModelError} {EngineError} {CancelledError} {ToolMissingError}
 */
export async function* processVideo(
  input: VideoInput,
  task: Task,
  engine: Engine,
  wishes: VideoWishes,
  options: ProcessOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  checkVideoWishes(wishes, task);
  const { signal } = options;
  if ('path' in input) {
    const video = await probeVideo(input.path, signal);
    yield* wishes.isLive === true
      ? processLive(video, input.name, task, engine, wishes, options)
      : processFile(video, input.name, task, engine, wishes, options);
    return;
  }
  const { stream } = input;
  const { source, close } = await stream.open(signal);
  try {
    // What comes while the model is loaded is old when it is.
    if (stream.liveness === 'live') await engine.load();
    const endWaiting = noteWaiting(input.name, options.onNote);
    const video = await probeSource(source, signal).finally(endWaiting);
    if (isLiveVideo(stream.liveness, video, wishes.isLive)) {
      yield* processLive(video, input.name, task, engine, wishes, options);
    } else {
      if (source.bytes !== undefined) checkOnceWishes(wishes);
      yield* processFile(video, input.name, task, engine, wishes, options);
    }
  } finally {
    await close();
  }
}

/** A video that waits for us. */
async function* processFile(
  probed: VideoInfo,
  name: string,
  task: Task,
  engine: Engine,
  wishes: VideoWishes,
  options: ProcessOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const { startSeconds, durationSeconds, jointFrames } = wishes;
  const endSeconds =
    durationSeconds === undefined ? wishes.endSeconds : (startSeconds ?? 0) + durationSeconds;
  const range = {
    ...(startSeconds === undefined ? {} : { startSeconds }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
  };
  const needsLength = wishes.sampling.kind === 'count' || jointFrames !== undefined;
  const video = needsLength ? await measureDuration(probed) : probed;
  if (jointFrames !== undefined) {
    options.onStart?.(video, 1);
    yield await askJointly(video, name, task, engine, { ...options, range, frameCount: jointFrames });
    return;
  }
  const plan: SamplingPlan = { sampling: wishes.sampling, ...range, findsCuts: wishes.isTracked };
  options.onStart?.(video, countSamples(plan, video));
  const journal = await openJournal(wishes.journal, name, task, engine);
  try {
    const outputs = runVideoTask(video, name, task, engine, {
      ...{ ...options, keepsImages: keepsImages(wishes, options), plan, journal },
      ...{ isTracked: wishes.isTracked, similarity: wishes.similarity },
      onEvent: wishes.isSummary ? undefined : options.onEvent,
    });
    const { annotate, redact } = wishes;
    const gaps = redact && describeRedactGaps(video, wishes.sampling, wishes.isTracked);
    if (gaps) options.onNote?.(gaps);
    const annotated =
      annotate === undefined ? outputs : annotateVideo(outputs, video, { path: annotate, redact, ...range });
    yield* finishOutputs(annotated, wishes);
  } finally {
    await journal?.close();
  }
}

async function openJournal(
  path: string | undefined,
  input: string,
  task: Task,
  engine: Engine,
): Promise<ResultJournal | undefined> {
  if (path === undefined) return undefined;
  const { model } = await engine.load();
  return ResultJournal.open(path, { input, prompt: promptOf(task), model });
}
