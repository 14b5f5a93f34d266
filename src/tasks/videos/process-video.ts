import type { Engine } from '../../engine/engine.js';
import { measureDuration } from '../../video/probe/measure-duration.js';
import { probeSource, probeVideo } from '../../video/probe/probe-video.js';
import { countSamples, type SamplingPlan } from '../../video/frames/sampling-plan.js';
import { sampleFrames } from '../../video/frames/sample-frames.js';
import { annotateVideo } from './annotate-video.js';
import { askJointly } from './ask-jointly.js';
import { checkOnceOptions } from './check-live-options.js';
import { checkVideoOptions } from './check-video-options.js';
import { describeRedactGaps } from './describe-redact-gaps.js';
import { finishOutputs } from './finish-outputs.js';
import { noteWaiting } from '../inputs/note-waiting.js';
import { processLive } from './process-live.js';
import type { VideoTaskOutput } from './frame-results.js';
import { runVideoTask } from './run-video-task.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { Task } from '../prompts/task.js';
import { isLiveVideo, type VideoStream } from '../inputs/video-stream.js';
import type { VideoJob, VideoRunOptions } from './video-job.js';
import type { VideoOptions } from './video-options.js';

/** A video, and its name in results. */
export type VideoInput = { readonly name: string } & (
  { readonly path: string } | { readonly stream: VideoStream }
);

/**
 * Run a task on a video: probe it, take its frames, ask, and write the files that the options name in addition to the
 * results.
 *
 * @throws {InputError} it is not a video that can be decoded. {UsageError} conflicting options.
 * @throws {ModelError} {EngineError} {CancelledError} {ToolMissingError}
 */
export async function* processVideo(
  input: VideoInput,
  task: Task,
  engine: Engine,
  given: VideoRunOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  checkVideoOptions(given.video, task, given.journal !== undefined);
  const options = withOutputs(given);
  const { signal } = options;
  const { isLive } = options.video;
  const job = { name: input.name, task, engine, options };
  if ('path' in input) {
    const video = await probeVideo(input.path, signal);
    yield* isLive === true ? processLive({ ...job, video }) : processFile({ ...job, video });
    return;
  }
  const { stream } = input;
  const { source, close } = await stream.open(signal);
  try {
    // Anything that arrives while the model loads would be out of date by the time it has loaded.
    if (stream.liveness === 'live') await engine.load();
    const endWaiting = noteWaiting(input.name, options.onNote);
    const video = await probeSource(source, signal).finally(endWaiting);
    if (isLiveVideo(stream.liveness, video, isLive)) {
      yield* processLive({ ...job, video });
    } else {
      if (source.bytes !== undefined) checkOnceOptions(options.video);
      yield* processFile({ ...job, video });
    }
  } finally {
    await close();
  }
}

/** A contact sheet needs the frames' pictures; a summary has nothing to report until it ends. */
function withOutputs(options: VideoRunOptions): VideoRunOptions {
  const { contactSheet, isSummary } = options.video;
  return {
    ...options,
    keepsImages: options.keepsImages || contactSheet !== undefined,
    onEvent: isSummary ? undefined : options.onEvent,
  };
}

/** A video that waits for us. */
async function* processFile(job: VideoJob): AsyncGenerator<TaskOutput, void, undefined> {
  const { sampling, jointFrames, isTracked, annotate: path } = job.options.video;
  const { onStart, onNote, signal } = job.options;
  const range = rangeOf(job.options.video);
  const needsLength = sampling.kind === 'count' || jointFrames !== undefined || path !== undefined;
  const video = needsLength ? await measureDuration(job.video, signal) : job.video;
  if (jointFrames !== undefined) {
    onStart?.(video, 1);
    const plan: SamplingPlan = { ...range, sampling: { kind: 'count', count: jointFrames } };
    yield await askJointly({ ...job, video }, sampleFrames(video, plan, { signal }), jointFrames);
    return;
  }
  const plan: SamplingPlan = { ...range, sampling, findsCuts: isTracked };
  onStart?.(video, countSamples(plan, video));
  const outputs = runVideoTask(
    { ...job, video },
    { takeFrames: (ending) => sampleFrames(video, plan, { signal: ending, ...(onNote && { onNote }) }) },
  );
  yield* finishOutputs(annotate(outputs, { ...job, video }), job.options.video);
}

/** Which part of the video is analysed. */
function rangeOf({
  startSeconds,
  endSeconds,
  durationSeconds,
}: VideoOptions): Pick<SamplingPlan, 'startSeconds' | 'endSeconds'> {
  const end = durationSeconds === undefined ? endSeconds : (startSeconds ?? 0) + durationSeconds;
  return {
    ...(startSeconds !== undefined && { startSeconds }),
    ...(end !== undefined && { endSeconds: end }),
  };
}

/** If requested, write a copy of the video with what is found, as the results pass through. */
function annotate(
  outputs: AsyncGenerator<VideoTaskOutput, void, undefined>,
  { video, options }: VideoJob,
): AsyncGenerator<VideoTaskOutput, void, undefined> {
  const {
    annotate: path,
    labels,
    redact,
    sampling,
    isTracked,
    isWholeOrNothing,
    foldersToMake,
  } = options.video;
  const gaps = redact && describeRedactGaps(video, sampling, isTracked);
  if (gaps) options.onNote?.(gaps);
  return path === undefined
    ? outputs
    : annotateVideo(outputs, video, {
        ...{ path, labels, redact, isWholeOrNothing, foldersToMake },
        ...rangeOf(options.video),
        onNote: options.onNote,
      });
}
