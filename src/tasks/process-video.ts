import { UsageError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { imageFormatOf } from '../image/encode-image.js';
import type { RedactStyle } from '../image/redact-areas.js';
import { measureDuration, probeVideo } from '../video/probe-video.js';
import { countSamples, type Sampling, type SamplingPlan } from '../video/sampling-plan.js';
import type { VideoInfo } from '../video/video-info.js';
import { videoFormatOf } from '../video/write-video.js';
import { annotateVideo } from './annotate-video.js';
import { askJointly } from './ask-jointly.js';
import type { PauseGate } from './pause-gate.js';
import { ResultJournal } from './result-journal.js';
import type { RunOptions, TaskOutput } from './run-task.js';
import { runVideoTask, type FrameOutput } from './run-video-task.js';
import { summarizeResults } from './summarize-results.js';
import { promptOf, type Task } from './task.js';
import { writeContactSheet } from './write-contact-sheet.js';

/** What to do with a video. */
export interface VideoWishes {
  readonly sampling: Sampling;
  /** Seconds from the video's beginning. */
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
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
  /** Something is odd about the video, in a sentence. */
  readonly onNote?: (sentence: string) => void;
}

/** How the work can be held up. */
export interface VideoControl {
  readonly gate?: PauseGate | undefined;
}

/**
 * Run a task on a video file: probe it, take its frames, ask, and write what was wished for beside the results.
 *
 * @param input the path, and how results call it.
 * @throws {InputError} it is no video that can be decoded. {UsageError} wishes that do not go together.
 * @throws {ModelError} {EngineError} {CancelledError} {ToolMissingError}
 */
export async function* processVideo(
  input: { readonly path: string; readonly name: string },
  task: Task,
  engine: Engine,
  wishes: VideoWishes,
  options: RunOptions & VideoObserver & VideoControl,
): AsyncGenerator<TaskOutput, void, undefined> {
  checkVideoWishes(wishes, task);
  const { startSeconds, endSeconds, jointFrames } = wishes;
  const range = {
    ...(startSeconds === undefined ? {} : { startSeconds }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
  };
  const probed = await probeVideo(input.path, options.signal);
  const needsLength = wishes.sampling.kind === 'count' || jointFrames !== undefined;
  const video = needsLength ? await measureDuration(probed) : probed;
  if (jointFrames !== undefined) {
    options.onStart?.(video, 1);
    yield await askJointly(video, input.name, task, engine, { ...options, range, frameCount: jointFrames });
    return;
  }
  const plan: SamplingPlan = { sampling: wishes.sampling, ...range, findsCuts: wishes.isTracked };
  options.onStart?.(video, countSamples(plan, video));
  const journal = await openJournal(wishes.journal, input.name, task, engine);
  try {
    const keepsImages = options.keepsImages || wishes.contactSheet !== undefined;
    let outputs: AsyncIterable<FrameOutput> = runVideoTask(video, input.name, task, engine, {
      ...{ ...options, keepsImages, plan, journal },
      ...{ isTracked: wishes.isTracked, similarity: wishes.similarity },
    });
    if (wishes.annotate !== undefined) {
      outputs = annotateVideo(outputs, video, { path: wishes.annotate, redact: wishes.redact, ...range });
    }
    if (wishes.contactSheet !== undefined) outputs = writeContactSheet(outputs, wishes.contactSheet);
    yield* wishes.isSummary ? summarizeResults(outputs) : outputs;
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
