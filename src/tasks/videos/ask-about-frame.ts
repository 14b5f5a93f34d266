import { exitCodes } from '../../base/errors.js';
import type { EngineInfo } from '../../engine/engine.js';
import type { VideoFrame } from '../../video/frames/sample-frames.js';
import { answerInput, describeInput } from '../answers/answer-input.js';
import { shrinkPictures } from '../inputs/shrink-pictures.js';
import { toFailure, type TaskOutput } from '../answers/task-output.js';
import type { VideoJob } from './video-job.js';

/** What is the same for all frames of a video. */
export interface FrameRun extends VideoJob {
  readonly loading: Promise<EngineInfo>;
}

/**
 * Ask about one frame. An error gives a result with `error`.
 * @param count the frame's position among the frames, from 0.
 * @param isFree nothing else needs the frame's pixels: they are released as soon as possible.
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
  const question = {
    ...{ name, task, engine, info, options },
    inputNumber: count,
    frame: { index, timeSeconds, endSeconds },
    loadMs: count === 0 ? info.loadMs : 0,
  };
  const known = describeInput(question, image);
  try {
    const prepared = await shrinkPictures([{ image, decodeMs: 0 }], info.imageSize, options.tiles);
    // A frame's pixels are released immediately, unless they are needed for drawing.
    if (isFree && prepared.pictures[0].pixels.data !== image.data) release();
    await options.gate?.pass(options.signal);
    const [result] = await answerInput({ ...question, ...prepared });
    return { result, exitCode: exitCodes.ok };
  } catch (error) {
    options.signal.throwIfAborted();
    return toFailure(error, known);
  }
}
