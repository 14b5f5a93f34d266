import { ObjectTracker } from '../../answers/track-objects.js';
import { CancelledError, exitCodes } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import type { Engine } from '../../engine/engine.js';
import type { LiveFrame } from '../../video/frames/live-frames.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';
import type { SamplingPlan } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { askAboutFrame, type FrameRun } from './ask-about-frame.js';
import { chooseFrameSteps, type Frame, type FrameStep } from './choose-frame-steps.js';
import { mapInOrder } from '../../base/map-in-order.js';
import type { PauseGate } from './pause-gate.js';
import type { ResultJournal } from './result-journal.js';
import type { RunOptions } from '../inputs/run-options.js';
import { shrinkFrame } from './take-frame.js';
import type { TaskOutput } from '../answers/task-output.js';
import { promptOf, type Task } from '../prompts/task.js';

/** How to run a task on a video's frames. */
export interface VideoRunOptions extends RunOptions {
  readonly plan: SamplingPlan;
  /** Give detections ids that stay with an object. The plan should find cuts. */
  readonly isTracked: boolean;
  /** A frame that differs by this or less (0..1, see video/frames/frame-difference) from the last asked about is not asked. */
  readonly similarity?: number | undefined;
  /** Answers of an earlier run: frames in it are not asked about again, others are added. */
  readonly journal?: ResultJournal | undefined;
  /** Frames of live input, asked about one at a time, instead of those of the plan. They end when `signal` aborts. */
  readonly liveFrames?: AsyncIterable<LiveFrame> | undefined;
  /** Told in a sentence what is odd about the video. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  /** Of the images that are handed on: small ones for a preview, so that a frame's memory is let go at once. */
  readonly keepsSmallImages?: boolean | undefined;
  /** While it is shut no frame is asked about; those that the engine has are answered. */
  readonly gate?: PauseGate | undefined;
}

/** One frame's result. */
export interface FrameOutput extends TaskOutput {
  /** When a shot began, where one did at this frame or since the one before; seconds. */
  readonly cutSeconds?: number;
}

/** Frames under way hold so many bytes of pixels at most, but two at least: 8 of 1080p. */
const FRAMES_BYTES = 50 * 1024 * 1024;

/**
 * Run a task on the frames of a video, in order, several at a time. A frame that fails gives a result with `error`;
 * the others go on.
 *
 * @param name how results call the video.
 * @throws {InputError} no frame can be decoded. {ModelError} {EngineError} the model cannot be loaded.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* runVideoTask(
  video: VideoInfo,
  name: string,
  task: Task,
  engine: Engine,
  options: VideoRunOptions,
): AsyncGenerator<FrameOutput, void, undefined> {
  const { plan, similarity, journal } = options;
  const stopped = new AbortController();
  const signal = AbortSignal.any([options.signal, stopped.signal]);
  const loading = engine.load();
  loading.catch(() => undefined);
  const frames: AsyncIterable<Frame> =
    options.liveFrames ??
    sampleFrames(video, plan, { signal, ...(options.onNote ? { onNote: options.onNote } : {}) });
  const room = Math.floor(FRAMES_BYTES / (video.width * video.height * 3));
  const run: VideoRun = { name, task, engine, loading, options: { ...options, signal } };
  const tracker = options.isTracked ? new ObjectTracker() : undefined;
  let answered: TaskOutput | undefined;
  try {
    const steps = chooseFrameSteps(frames, similarity, journal);
    const jobs = options.liveFrames ? 1 : Math.max(2, Math.min(options.jobs, room));
    for await (const { step, output } of mapInOrder(steps, jobs, (step, i) => takeStep(run, step, i))) {
      const { index, timeSeconds, cutSeconds, live } = step.frame;
      const endSeconds = live?.readEndSeconds() ?? step.frame.endSeconds;
      answered = output ?? answered;
      if (answered === undefined) throw new Error('The first frame has no answer of its own.');
      let result = output?.result ?? withoutCosts(answered.result);
      const source = answered.result.frame;
      const sameAs = source?.sameAs ?? (output === undefined ? source?.index : undefined);
      const trackIds = tracker?.update(result.detections ?? [], timeSeconds, cutSeconds !== undefined);
      result = {
        ...result,
        frame: {
          ...{ index, timeSeconds, endSeconds },
          ...(trackIds && result.detections ? { trackIds } : {}),
          ...(sameAs === undefined ? {} : { sameAs }),
          ...(live && { dropped: live.droppedBefore }),
        },
      };
      if (journal !== undefined && journal.resultAt(index) === undefined) await journal.add(result);
      yield {
        ...answered,
        result,
        ...(step.image ? { image: step.image } : {}),
        ...(cutSeconds === undefined ? {} : { cutSeconds }),
      };
    }
  } finally {
    stopped.abort(new CancelledError());
  }
}

/** Nothing was spent on an answer that is taken again. */
function withoutCosts({ timings: _timings, tokens: _tokens, ...result }: TaskResult): TaskResult {
  return result;
}

/** The frames' run, with what is done besides asking. */
interface VideoRun extends FrameRun {
  readonly options: VideoRunOptions;
}

interface StepOutcome {
  readonly step: { readonly frame: Omit<Frame, 'image' | 'release'>; readonly image?: VideoFrame['image'] };
  /** Absent when the last answer is taken. */
  readonly output?: TaskOutput;
}

async function takeStep(
  run: VideoRun,
  { frame, known, isSimilar }: FrameStep,
  count: number,
): Promise<StepOutcome> {
  const { image, release, ...moment } = frame;
  const { index, timeSeconds } = frame;
  const start = { input: run.name, task: run.task.name, prompt: promptOf(run.task) };
  run.options.onEvent?.({ inputNumber: count, type: 'start', ...start, frame: { index, timeSeconds } });
  const { keepsImages, keepsSmallImages = false } = run.options;
  const kept = !keepsImages ? undefined : keepsSmallImages ? await shrinkFrame(image) : image;
  const step = { frame: moment, ...(kept === undefined ? {} : { image: kept }) };
  const isFree = kept?.data !== image.data;
  if (isSimilar || known !== undefined) {
    if (isFree) release();
    return isSimilar || known === undefined
      ? { step }
      : { step, output: { result: known, exitCode: exitCodes.ok } };
  }
  return { step, output: await askAboutFrame(run, frame, count, isFree) };
}
