import { exitCodes } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import type { Engine, EngineInfo } from '../../engine/engine.js';
import { toModelPixels } from '../../image/resize/to-model-pixels.js';
import type { VideoFrame } from '../../video/frames/sample-frames.js';
import { askAboutPictures } from '../answers/ask-about-pictures.js';
import { askInParts, type AskedPart } from '../answers/ask-in-parts.js';
import type { DecodedPicture } from '../inputs/decode-pictures.js';
import type { PauseGate } from './pause-gate.js';
import type { RunOptions } from '../inputs/run-options.js';
import { toFailure, type TaskOutput } from '../answers/task-output.js';
import { promptOf, type Task } from '../prompts/task.js';
import { tellProgress } from '../answers/tell-progress.js';

/** What is the same for all frames of a video. */
export interface FrameRun {
  /** How results call the video. */
  readonly name: string;
  readonly task: Task;
  readonly engine: Engine;
  readonly loading: Promise<EngineInfo>;
  readonly options: RunOptions & {
    /** While it is shut no frame is asked about. */
    readonly gate?: PauseGate | undefined;
  };
}

/**
 * Ask about one frame. An error is a result with `error`.
 * @param count which of the frames it is, from 0.
 * @param isFree the frame's pixels are needed for nothing else: they are released as soon as they can be.
 * @throws {CancelledError} and what loading the model throws.
 */
export async function askAboutFrame(
  run: FrameRun,
  frame: VideoFrame,
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
