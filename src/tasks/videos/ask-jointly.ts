import { exitCodes, InputError } from '../../base/errors.js';
import type { VideoFrame } from '../../video/frames/sample-frames.js';
import { answerInput, describeInput } from '../answers/answer-input.js';
import { toFailure, type TaskOutput } from '../answers/task-output.js';
import { toModelPicture, type ModelPicture } from '../inputs/to-model-picture.js';
import { promptOf } from '../prompts/task.js';
import type { VideoJob } from './video-job.js';

/**
 * One prompt about frames evenly spaced over the video, the way PaliGemma's video fine-tunes are prompted: image
 * tokens of all frames, then the prompt. If the video has too few frames, some are repeated.
 *
 * @param decoded the frames, already evenly spaced.
 * @throws {InputError} no frame can be decoded. {CancelledError} `signal` was aborted.
 */
export async function askJointly(
  { video, name, task, engine, options }: VideoJob,
  decoded: AsyncIterable<VideoFrame>,
  frameCount: number,
): Promise<TaskOutput> {
  const { signal, onEvent } = options;
  const info = await engine.load();
  const frames: ModelPicture[] = [];
  for await (const { image, release } of decoded) {
    // Shrunk to what the model sees: full frames could fill the memory.
    const picture = await toModelPicture({ image, decodeMs: 0 }, info.imageSize);
    frames.push(picture);
    if (picture.pixels.data !== image.data) release();
  }
  const start = { input: name, task: task.name, prompt: promptOf(task) };
  onEvent?.({ inputNumber: 0, type: 'start', ...start });
  const pictures = spread(frames.length, frameCount).map((i) => frames[i]);
  const question = { pictures, name, task, engine, info, options };
  try {
    const [result] = await answerInput(question);
    return { result, exitCode: exitCodes.ok };
  } catch (error) {
    if (signal.aborted || !(error instanceof InputError)) throw error;
    return toFailure(error, describeInput(question, video));
  }
}

/** Which of `count` frames go in `places` evenly spaced places: in order, repeated if there are too few. */
export function spread(count: number, places: number): number[] {
  return Array.from({ length: places }, (_, place) => Math.floor((place * count) / places));
}
