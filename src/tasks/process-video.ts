import { UsageError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { imageFormatOf } from '../image/encode-image.js';
import type { RedactStyle } from '../image/redact-areas.js';
import { measureDuration, probeSource, probeVideo } from '../video/probe-video.js';
import { countSamples, type Sampling, type SamplingPlan } from '../video/sampling-plan.js';
import type { VideoInfo } from '../video/video-info.js';
import { videoFormatOf } from '../video/write-video.js';
import { annotateVideo } from './annotate-video.js';
import { askJointly } from './ask-jointly.js';
import type { PauseGate } from './pause-gate.js';
import { checkOnceWishes } from './check-live-wishes.js';
import { finishOutputs, keepsImages } from './finish-outputs.js';
import { processLive } from './process-live.js';
import { ResultJournal } from './result-journal.js';
import type { RunOptions } from './run-options.js';
import { runVideoTask } from './run-video-task.js';
import type { TaskOutput } from './task-output.js';
import { promptOf, type Task } from './task.js';
import { isLiveVideo, type VideoStream } from './video-stream.js';

/** What to do with a video. */
export interface VideoWishes {
  readonly sampling: Sampling;
  /** Seconds from the video's beginning. */
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  /** How long to look, instead of until `endSeconds`. */
  readonly durationSeconds?: number | undefined;
  /** Whether frames that come faster than answers are dropped; decided by the kind of input when absent. */
  readonly isLive?: boolean | undefined;
  /** One prompt about so many frames, instead of one for each frame. */
  readonly jointFrames?: number | undefined;
  /** One result with the different answers, instead of one for each frame. */
  readonly isSummary: boolean;
  readonly isTracked: boolean;
  /** 0..1; see video/frame-difference. */
  readonly similarity?: number | undefined;
  /** A file of JSON lines to go on from. */
  readonly journal?: string | undefined;
  /** A video to write, with what was found on it or hidden. */
  readonly annotate?: string | undefined;
  readonly redact?: RedactStyle | undefined;
  /** A picture of all frames looked at. */
  readonly contactSheet?: string | undefined;
}

/** What is told while the work goes on. */
export interface VideoObserver {
  /** The video was looked into; `total` results will come, where that can be known. */
  readonly onStart?: (video: VideoInfo, total: number | undefined) => void;
  /** A frame of live input was dropped, the `total`th. */
  readonly onDrop?: (total: number) => void;
  /** Something is odd about the video, in a sentence. */
  readonly onNote?: (sentence: string) => void;
}

/** How the work can be held up. */
export interface VideoControl {
  readonly gate?: PauseGate | undefined;
}

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
  options: RunOptions & VideoObserver,
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
    const video = await probeSource(source, signal);
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
  options: RunOptions & VideoObserver,
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
    const annotated =
      annotate === undefined ? outputs : annotateVideo(outputs, video, { path: annotate, redact, ...range });
    yield* finishOutputs(annotated, wishes);
  } finally {
    await journal?.close();
  }
}

/**
 * Refuse wishes that cannot be fulfilled, before the model works for them.
 * @throws {UsageError} they contradict each other, or the task, or name a file of an unknown kind.
 */
export function checkVideoWishes(wishes: VideoWishes, task: Pick<Task, 'name'>): void {
  const { annotate, redact, contactSheet, jointFrames, journal, isSummary, isTracked } = wishes;
  const hasBoxes = task.name === 'detect' || task.name === 'segment' || task.name === 'ask';
  if (!hasBoxes && (redact !== undefined || isTracked)) {
    throw new UsageError('OPTION_VALUE', '--redact and --track need objects.', {
      hint: 'Use them with: pali detect, pali segment or pali ask',
    });
  }
  if (redact !== undefined && annotate === undefined) {
    throw new UsageError('OPTION_VALUE', '--redact says what to draw, but not where to write it.', {
      hint: 'Add: --annotate out.mp4',
    });
  }
  const perFrame =
    [annotate, contactSheet, journal].some((path) => path !== undefined) || isSummary || isTracked;
  if (jointFrames !== undefined && (perFrame || wishes.similarity !== undefined)) {
    throw new UsageError(
      'OPTION_VALUE',
      '--joint gives one answer for all frames: other options of frames do not go with it.',
    );
  }
  if (annotate !== undefined) videoFormatOf(annotate);
  if (contactSheet !== undefined) imageFormatOf(contactSheet);
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
