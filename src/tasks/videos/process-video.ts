import type { Engine } from '../../engine/engine.js';
import { measureDuration, probeSource, probeVideo } from '../../video/probe/probe-video.js';
import { countSamples, type SamplingPlan } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { annotateVideo } from './annotate-video.js';
import { askJointly } from './ask-jointly.js';
import { checkOnceOptions } from './check-live-options.js';
import { checkVideoOptions } from './check-video-options.js';
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
import type { VideoOptions } from './video-options.js';

/** A video, and how results call it. */
export type VideoInput = { readonly name: string } & (
  { readonly path: string } | { readonly stream: VideoStream }
);

/**
 * Run a task on a video: probe it, take its frames, ask, and write the files that the options name beside the results.
 *
 * @throws {InputError} it is no video that can be decoded. {UsageError} conflicting options.
 * @throws {ModelError} {EngineError} {CancelledError} {ToolMissingError}
 */
export async function* processVideo(
  input: VideoInput,
  task: Task,
  engine: Engine,
  videoOptions: VideoOptions,
  options: ProcessOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  checkVideoOptions(videoOptions, task);
  const { signal } = options;
  if ('path' in input) {
    const video = await probeVideo(input.path, signal);
    yield* videoOptions.isLive === true
      ? processLive(video, input.name, task, engine, videoOptions, options)
      : processFile(video, input.name, task, engine, videoOptions, options);
    return;
  }
  const { stream } = input;
  const { source, close } = await stream.open(signal);
  try {
    // What comes while the model is loaded is old when it is.
    if (stream.liveness === 'live') await engine.load();
    const endWaiting = noteWaiting(input.name, options.onNote);
    const video = await probeSource(source, signal).finally(endWaiting);
    if (isLiveVideo(stream.liveness, video, videoOptions.isLive)) {
      yield* processLive(video, input.name, task, engine, videoOptions, options);
    } else {
      if (source.bytes !== undefined) checkOnceOptions(videoOptions);
      yield* processFile(video, input.name, task, engine, videoOptions, options);
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
  videoOptions: VideoOptions,
  options: ProcessOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  const { startSeconds, durationSeconds, jointFrames } = videoOptions;
  const endSeconds =
    durationSeconds === undefined ? videoOptions.endSeconds : (startSeconds ?? 0) + durationSeconds;
  const range = {
    ...(startSeconds === undefined ? {} : { startSeconds }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
  };
  const needsLength = videoOptions.sampling.kind === 'count' || jointFrames !== undefined;
  const video = needsLength ? await measureDuration(probed) : probed;
  if (jointFrames !== undefined) {
    options.onStart?.(video, 1);
    yield await askJointly(video, name, task, engine, { ...options, range, frameCount: jointFrames });
    return;
  }
  const plan: SamplingPlan = { sampling: videoOptions.sampling, ...range, findsCuts: videoOptions.isTracked };
  options.onStart?.(video, countSamples(plan, video));
  const journal = await openJournal(videoOptions.journal, name, task, engine);
  try {
    const outputs = runVideoTask(video, name, task, engine, {
      ...{ ...options, keepsImages: keepsImages(videoOptions, options), plan, journal },
      ...{ isTracked: videoOptions.isTracked, similarity: videoOptions.similarity },
      onEvent: videoOptions.isSummary ? undefined : options.onEvent,
    });
    const { annotate, redact } = videoOptions;
    const gaps = redact && describeRedactGaps(video, videoOptions.sampling, videoOptions.isTracked);
    if (gaps) options.onNote?.(gaps);
    const annotated =
      annotate === undefined ? outputs : annotateVideo(outputs, video, { path: annotate, redact, ...range });
    yield* finishOutputs(annotated, videoOptions);
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
