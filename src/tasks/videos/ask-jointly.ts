import { describeError, exitCodes, InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import type { Engine } from '../../engine/engine.js';
import { toModelPixels } from '../../image/resize/to-model-pixels.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';
import type { SamplingPlan } from '../../video/frames/sampling-plan.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { askAboutPictures } from '../answers/ask-about-pictures.js';
import type { RunOptions } from '../inputs/run-options.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { Task } from '../prompts/task.js';
import { tellProgress } from '../answers/tell-progress.js';

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
  const { frameCount, range, signal, onEvent, locScale, alternatives } = options;
  const info = await engine.load();
  const { width, height } = video;
  const frames: RgbImage[] = [];
  const plan: SamplingPlan = { ...range, sampling: { kind: 'count', count: frameCount } };
  for await (const { image, release } of options.liveFrames ?? sampleFrames(video, plan, { signal })) {
    // As small as the model sees them: the frames themselves may fill the memory.
    const { side, data } = toModelPixels(image, info.imageSize);
    frames.push({ width: side, height: side, data });
    if (data !== image.data) release();
  }
  const known: TaskResult = {
    input: name,
    task: task.name,
    prompt: task.prompt,
    model: { name: info.model, dtype: info.dtype, device: info.device },
    image: { width, height },
  };
  const place = { inputNumber: 0 };
  onEvent?.({ ...place, type: 'start', input: name, task: task.name, prompt: task.prompt });
  try {
    const pictures = spread(frames.length, frameCount).map((i) => ({ image: frames[i], decodeMs: 0 }));
    const answer = await askAboutPictures({
      ...{ task, pictures, engine, info, options },
      shownSize: { width, height },
      onEvent: onEvent && tellProgress({ place, picture: video, locScale, alternatives }, onEvent),
    });
    return { result: { ...known, ...answer }, exitCode: exitCodes.ok };
  } catch (error) {
    if (signal.aborted || !(error instanceof InputError)) throw error;
    const { exitCode, ...fields } = describeError(error);
    return { result: { ...known, error: fields }, exitCode, thrown: error };
  }
}

/** Which of `count` frames stand at `places` even places: each in turn, repeated where there are too few. */
export function spread(count: number, places: number): number[] {
  return Array.from({ length: places }, (_, place) => Math.floor((place * count) / places));
}
