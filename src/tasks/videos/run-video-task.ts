import { CancelledError, exitCodes } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import { mapInOrder } from '../../base/map-in-order.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { LastAnswers } from '../answers/last-answers.js';
import type { TaskOutput } from '../answers/task-output.js';
import { promptOf } from '../prompts/task.js';
import { askAboutFrame, type FrameRun } from './ask-about-frame.js';
import { chooseFrameSteps, type Frame, type FrameStep } from './choose-frame-steps.js';
import { FrameResults, type FrameMoment, type FrameOutcome, type VideoTaskOutput } from './frame-results.js';
import { shrinkFrame } from './take-frame.js';
import type { VideoJob } from './video-job.js';
import { joinSignals } from '../../base/signals/join-signals.js';

/** Where a video's frames come from, and what is known about them. */
export interface FrameSource {
  /** The frames, in order; they end when `ending` aborts. */
  readonly takeFrames: (ending: AbortSignal) => AsyncIterable<Frame>;
  /** They do not wait for us, and are asked about one at a time. */
  readonly isLive?: boolean;
}

/** Frames in progress hold at most this many bytes of pixels, but there are always at least two: 8 frames at 1080p. */
const FRAMES_BYTES = 50 * 1024 * 1024;

/**
 * Run a task on the frames of a video, in order, several at a time. A frame that fails gives a result with `error`;
 * the others continue.
 *
 * @throws {InputError} no frame can be decoded. {ModelError} {EngineError} the model cannot be loaded.
 * @throws {CancelledError} `signal` was aborted.
 */
export async function* runVideoTask(
  job: VideoJob,
  { takeFrames, isLive = false }: FrameSource,
): AsyncGenerator<VideoTaskOutput, void, undefined> {
  const { video, name, options } = job;
  const { journal } = options;
  const stopped = new AbortController();
  const signal = joinSignals(options.signal, stopped.signal);
  const loading = job.engine.load();
  loading.catch(() => undefined);
  // Tiles of a frame have the same prompt but different answers.
  const lastAnswers = (options.tiles ?? 1) > 1 ? undefined : new LastAnswers();
  const run = { ...job, loading, options: { ...options, signal, lastAnswers } };
  const steps = chooseFrameSteps(takeFrames(signal), options.video.similarity, async (index) => {
    return (await journal?.read(name, index))?.[0];
  });
  const jobs = isLive ? 1 : countFramesUnderWay(video, options.jobs);
  const results = new FrameResults(options.video.isTracked);
  try {
    for await (const answer of mapInOrder(steps, jobs, (step, i) => answerFrame(run, step, i))) {
      const output = results.add(answer);
      if (journal?.has(name, answer.frame.index) === false) await journal.add([output.result]);
      yield output;
    }
  } finally {
    stopped.abort(new CancelledError());
  }
}

/** As many as requested, if there is room for their pixels. */
function countFramesUnderWay({ width, height }: VideoInfo, wanted: number): number {
  const room = Math.floor(FRAMES_BYTES / (width * height * 3));
  return Math.max(2, Math.min(wanted, room));
}

/** Carry out the step chosen for a frame. Its pixels are released as soon as nothing needs them. */
async function answerFrame(run: FrameRun, step: FrameStep, count: number): Promise<FrameOutcome> {
  const { image, release, ...frame } = step.frame;
  tellStart(run, frame, count);
  const kept = await keepImage(run, image);
  const isFree = kept?.data !== image.data;
  const output = step.isAsked ? await askAboutFrame(run, step.frame, count, isFree) : takeKnown(step);
  if (!step.isAsked && isFree) release();
  return { frame, ...(output && { output }), ...(kept && { image: kept }) };
}

function tellStart(
  { name, task, options }: FrameRun,
  { index, timeSeconds }: FrameMoment,
  count: number,
): void {
  const start = { input: name, task: task.name, prompt: promptOf(task), frame: { index, timeSeconds } };
  options.onEvent?.({ inputNumber: count, type: 'start', ...start });
}

/** The part of a frame's picture that is passed on. */
async function keepImage({ options }: FrameRun, image: RgbImage): Promise<RgbImage | undefined> {
  if (!options.keepsImages) return undefined;
  return options.keepsSmallImages === true ? shrinkFrame(image) : image;
}

/** The answer of an earlier run; undefined if the previous frame's answer is reused. */
function takeKnown({ known }: FrameStep): TaskOutput | undefined {
  return known && { result: known, exitCode: exitCodes.ok, isRecalled: true };
}
