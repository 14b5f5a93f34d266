import type { Engine } from '../../engine/engine.js';
import { takeLiveFrames } from '../../video/frames/live-frames.js';
import type { LivePlan } from '../../video/frames/live-filters.js';
import type { VideoInfo } from '../../video/probe/video-info.js';
import { askJointly } from './ask-jointly.js';
import { checkLiveOptions } from './check-live-options.js';
import { finishOutputs, keepsImages } from './finish-outputs.js';
import { noteWaiting } from '../inputs/note-waiting.js';
import type { ProcessOptions } from './process-options.js';
import { runVideoTask } from './run-video-task.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { Task } from '../prompts/task.js';
import type { VideoOptions } from './video-options.js';

/**
 * Run a task on live input until it ends, for as long as was asked, or until it is stopped. One frame is asked about
 * at a time, always the newest; how many were dropped is noted at the end.
 *
 * @throws what processVideo throws. {UsageError} options that live input cannot fulfil.
 */
export async function* processLive(
  video: VideoInfo,
  name: string,
  task: Task,
  engine: Engine,
  videoOptions: VideoOptions,
  options: ProcessOptions,
): AsyncGenerator<TaskOutput, void, undefined> {
  checkLiveOptions(videoOptions);
  await engine.load();
  const { jointFrames, isTracked, similarity } = videoOptions;
  const plan = planLive(videoOptions);
  const hasLeft = new AbortController();
  const signal = AbortSignal.any([options.signal, hasLeft.signal]);
  let dropped = 0;
  let answered = 0;
  const endWaiting = noteWaiting(name, options.onNote);
  const taken = takeLiveFrames(video, plan, {
    signal,
    onNote: options.onNote,
    onDrop: () => {
      dropped++;
      options.onDrop?.(dropped);
    },
  });
  // The first one ends the waiting; a sender may pause later.
  const liveFrames = watch(taken, endWaiting);
  options.onStart?.(video, jointFrames === undefined ? undefined : 1);
  try {
    if (jointFrames !== undefined) {
      yield await askJointly(video, name, task, engine, {
        ...{ ...options, range: {}, frameCount: jointFrames, liveFrames },
      });
      return;
    }
    const outputs = runVideoTask(video, name, task, engine, {
      ...{
        ...options,
        keepsImages: keepsImages(videoOptions, options),
        plan,
        liveFrames,
        isTracked,
        similarity,
      },
      onEvent: videoOptions.isSummary ? undefined : options.onEvent,
    });
    const counted = watch(outputs, () => answered++);
    yield* finishOutputs(counted, videoOptions);
  } finally {
    endWaiting();
    hasLeft.abort();
    if (dropped > 0) options.onNote?.(describeDrops(video, dropped, dropped + answered));
  }
}

/** A given number of frames lies evenly over the time that was asked for. */
function planLive({ sampling, jointFrames, durationSeconds, isTracked }: VideoOptions): LivePlan {
  const frames = jointFrames ?? (sampling.kind === 'count' ? sampling.count : undefined);
  const limit = durationSeconds === undefined ? {} : { durationSeconds };
  if (frames === undefined && sampling.kind !== 'count') return { sampling, ...limit, findsCuts: isTracked };
  const everySeconds = (durationSeconds ?? 0) / (frames ?? 1);
  return { sampling: { kind: 'every', everySeconds }, ...limit, findsCuts: isTracked };
}

async function* watch<Item>(
  items: AsyncIterable<Item>,
  tell: () => void,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of items) {
    tell();
    yield item;
  }
}

function describeDrops({ source }: VideoInfo, dropped: number, total: number): string {
  const sentence = `${source.name}: ${dropped} of ${total} frames were dropped, as newer ones came before the model was ready for them.`;
  // A sender that can wait would have.
  return source.bytes === undefined ? sentence : `${sentence} With --no-live each is answered.`;
}
