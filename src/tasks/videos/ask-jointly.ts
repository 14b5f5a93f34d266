import { exitCodes, InputError } from '../../base/errors.js';
import type { Engine } from '../../engine/engine.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';
import type { SamplingPlan } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { answerInput, describeInput } from '../answers/answer-input.js';
import type { RunOptions } from '../inputs/run-options.js';
import { toFailure, type TaskOutput } from '../answers/task-output.js';
import { toModelPicture, type ModelPicture } from '../inputs/to-model-picture.js';
import { promptOf, type Task } from '../prompts/task.js';

/**
 * One prompt about frames evenly spaced over the video, as PaliGemma's video fine-tunes are asked: image tokens of
 * all frames, then the prompt. Where the video has fewer frames, some are repeated.
 *
 * @param range which part of the video; its sampling is not used.
 * @throws {InputError} no frame can be decoded. {CancelledError} `signal` was aborted.
 */
export async function askJointly(
  video: VideoInfo,
  name: string,
  task: Task,
  engine: Engine,
  options: RunOptions & {
    readonly frameCount: number;
    readonly range: Omit<SamplingPlan, 'sampling'>;
    /** Frames of live input, which come evenly spaced; `range` is not used then. */
    readonly liveFrames?: AsyncIterable<VideoFrame>;
  },
): Promise<TaskOutput> {
  const { frameCount, range, ...runOptions } = options;
  const { signal, onEvent } = runOptions;
  const info = await engine.load();
  const frames: ModelPicture[] = [];
  const plan: SamplingPlan = { ...range, sampling: { kind: 'count', count: frameCount } };
  for await (const { image, release } of options.liveFrames ?? sampleFrames(video, plan, { signal })) {
    // As small as the model sees them: the frames themselves may fill the memory.
    const picture = await toModelPicture({ image, decodeMs: 0 }, info.imageSize);
    frames.push(picture);
    if (picture.pixels.data !== image.data) release();
  }
  const start = { input: name, task: task.name, prompt: promptOf(task) };
  onEvent?.({ inputNumber: 0, type: 'start', ...start });
  const pictures = spread(frames.length, frameCount).map((i) => frames[i]);
  const question = { pictures, name, task, engine, info, options: runOptions };
  try {
    const [result] = await answerInput(question);
    return { result, exitCode: exitCodes.ok };
  } catch (error) {
    if (signal.aborted || !(error instanceof InputError)) throw error;
    return toFailure(error, describeInput(question, video));
  }
}

/** Which of `count` frames stand at `places` even places: each in turn, repeated where there are too few. */
export function spread(count: number, places: number): number[] {
  return Array.from({ length: places }, (_, place) => Math.floor((place * count) / places));
}
