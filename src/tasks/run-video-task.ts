import { ObjectTracker } from '../answers/track-objects.js';
import { CancelledError, exitCodes } from '../base/errors.js';
import type { RgbImage } from '../base/image.js';
import type { TaskResult } from '../base/task-result.js';
import type { Engine, EngineInfo } from '../engine/engine.js';
import { toModelPixels } from '../image/to-model-pixels.js';
import { sketchDifference, sketchFrame, type FrameSketch } from '../video/frame-difference.js';
import type { LiveFrame } from '../video/live-frames.js';
import { sampleFrames, type VideoFrame } from '../video/sample-frames.js';
import type { SamplingPlan } from '../video/sampling-plan.js';
import type { VideoInfo } from '../video/video-info.js';
import { askAboutPictures } from './ask-about-pictures.js';
import { askInParts, type AskedPart } from './ask-in-parts.js';
import type { DecodedPicture } from './decode-pictures.js';
import { mapInOrder } from './map-in-order.js';
import type { PauseGate } from './pause-gate.js';
import type { ResultJournal } from './result-journal.js';
import type { RunOptions } from './run-options.js';
import { toFailure, type TaskOutput } from './task-output.js';
import { shrinkFrame } from './take-frame.js';
import { promptOf, type Task } from './task.js';
import { tellProgress } from './tell-progress.js';

/** How to run a task on a video's frames. */
export interface VideoRunOptions extends RunOptions {
  readonly plan: SamplingPlan;
  /** Give detections ids that stay with an object. The plan should find cuts. */
  readonly isTracked: boolean;
  /** A frame that differs by this or less (0..1, see video/frame-difference) from the last asked about is not asked. */
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
  const run: FrameRun = { name, task, engine, loading, options: { ...options, signal } };
  const tracker = options.isTracked ? new ObjectTracker() : undefined;
  let answered: TaskOutput | undefined;
  try {
    const steps = chooseSteps(frames, similarity, journal);
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

type Frame = VideoFrame & Partial<Pick<LiveFrame, 'live'>>;
type FrameMoment = Omit<Frame, 'image' | 'release'>;

/** What to do with a frame: ask about it, take its answer from the journal, or take that of the last one asked. */
interface Step {
  readonly frame: Frame;
  readonly known?: TaskResult | undefined;
  readonly isSimilar: boolean;
}

interface FrameRun {
  readonly name: string;
  readonly task: Task;
  readonly engine: Engine;
  readonly loading: Promise<EngineInfo>;
  readonly options: VideoRunOptions;
}

async function* chooseSteps(
  frames: AsyncIterable<Frame>,
  similarity: number | undefined,
  journal: ResultJournal | undefined,
): AsyncGenerator<Step, void, undefined> {
  let asked: FrameSketch | undefined;
  for await (const frame of frames) {
    const known = journal?.resultAt(frame.index);
    if (similarity === undefined) {
      yield { frame, known, isSimilar: false };
      continue;
    }
    const sketch = sketchFrame(frame.image);
    const isSimilar =
      known === undefined && asked !== undefined && sketchDifference(sketch, asked) <= similarity;
    if (!isSimilar && known?.frame?.sameAs === undefined) asked = sketch;
    yield { frame, known, isSimilar };
  }
}

interface StepOutcome {
  readonly step: { readonly frame: FrameMoment; readonly image?: VideoFrame['image'] };
  /** Absent when the last answer is taken. */
  readonly output?: TaskOutput;
}

async function takeStep(
  run: FrameRun,
  { frame, known, isSimilar }: Step,
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

/** @param isFree the frame's pixels are needed for nothing else. */
async function askAboutFrame(
  run: FrameRun,
  frame: Frame,
  count: number,
  isFree: boolean,
): Promise<TaskOutput> {
  const { name, task, engine, loading, options } = run;
  const { index, timeSeconds, endSeconds, image, release } = frame;
  const info = await loading;
  const known: TaskResult = {
    input: name,
    task: task.name,
    prompt: promptOf(task),
    model: { name: info.model, dtype: info.dtype, device: info.device },
    image: { width: image.width, height: image.height },
    frame: { index, timeSeconds, endSeconds },
  };
  try {
    const { tiles = 1, onEvent, locScale, alternatives } = options;
    const isInParts = task.parts !== undefined || tiles > 1;
    // Tiles are cut from the whole frame; otherwise its pixels are let go at once, unless somebody draws on them.
    const picture = tiles > 1 ? { image, decodeMs: 0 } : shrinkForModel(image, info.imageSize);
    if (picture.image.data !== image.data && isFree) release();
    await options.gate?.pass(options.signal);
    const shownSize = tiles > 1 ? undefined : known.image;
    const question = { task, pictures: [picture], shownSize, engine, info, options };
    const watch =
      onEvent &&
      (({ tile, ...part }: AskedPart) => {
        const place = { inputNumber: count, ...part };
        return tellProgress({ place, picture: known.image!, tile, locScale, alternatives }, onEvent);
      });
    const answer = await (isInParts
      ? askInParts(question, tiles, watch)
      : askAboutPictures({ ...question, onEvent: watch?.({}) }));
    const timings = answer.timings && { ...answer.timings, loadMs: count === 0 ? info.loadMs : 0 };
    return { result: { ...known, ...answer, ...(timings && { timings }) }, exitCode: exitCodes.ok };
  } catch (error) {
    options.signal.throwIfAborted();
    return toFailure(error, known);
  }
}

/** The frame as the model sees it, and what that took. */
function shrinkForModel(image: RgbImage, imageSize: number): DecodedPicture {
  const start = performance.now();
  const { side, data } = toModelPixels(image, imageSize);
  return { image: { width: side, height: side, data }, decodeMs: performance.now() - start };
}
