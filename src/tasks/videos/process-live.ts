import { takeLiveFrames } from '../../video/frames/live-frames.js';
import type { LivePlan } from '../../video/frames/live-filters.js';
import { watch } from '../../video/frames/watch.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { askJointly } from './ask-jointly.js';
import { checkLiveOptions } from './check-live-options.js';
import { finishOutputs } from './finish-outputs.js';
import { noteWaiting } from '../inputs/note-waiting.js';
import { runVideoTask } from './run-video-task.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { VideoJob } from './video-job.js';
import type { VideoOptions } from './video-options.js';
import { joinSignals } from '../../base/signals/join-signals.js';

/**
 * Run a task on live input until it ends, the requested time is up, or it is stopped. One frame is asked about at a
 * time, always the newest; the number of dropped frames is reported at the end.
 *
 * @throws what processVideo throws. {UsageError} options that live input cannot satisfy.
 */
export async function* processLive(job: VideoJob): AsyncGenerator<TaskOutput, void, undefined> {
  const { video, name, engine, options } = job;
  const { jointFrames } = options.video;
  checkLiveOptions(options.video, options.journal !== undefined);
  await engine.load();
  const hasLeft = new AbortController();
  const signal = joinSignals(options.signal, hasLeft.signal);
  let dropped = 0;
  let answered = 0;
  const endWaiting = noteWaiting(name, options.onNote);
  const taken = takeLiveFrames(video, planLive(options.video), {
    signal,
    onNote: options.onNote,
    onDrop: () => {
      dropped++;
      options.onDrop?.(dropped);
    },
  });
  // The first frame ends the waiting; a sender may pause later.
  const frames = watch(taken, endWaiting);
  options.onStart?.(video, jointFrames === undefined ? undefined : 1);
  try {
    if (jointFrames !== undefined) {
      yield await askJointly(job, frames, jointFrames);
      return;
    }
    const outputs = runVideoTask(job, { takeFrames: () => frames, isLive: true });
    yield* finishOutputs(
      watch(outputs, () => answered++),
      options.video,
    );
  } finally {
    endWaiting();
    hasLeft.abort();
    if (dropped > 0) options.onNote?.(describeDrops(video, dropped, dropped + answered));
  }
}

/** A fixed number of frames is spread evenly over the requested time. */
function planLive({ sampling, jointFrames, durationSeconds, isTracked }: VideoOptions): LivePlan {
  const frames = jointFrames ?? (sampling.kind === 'count' ? sampling.count : undefined);
  const limit = durationSeconds === undefined ? {} : { durationSeconds };
  if (frames === undefined && sampling.kind !== 'count') return { sampling, ...limit, findsCuts: isTracked };
  const everySeconds = (durationSeconds ?? 0) / (frames ?? 1);
  return { sampling: { kind: 'every', everySeconds }, ...limit, findsCuts: isTracked };
}

function describeDrops({ source }: VideoInfo, dropped: number, total: number): string {
  const sentence = `${source.name}: ${dropped} of ${total} frames were dropped because newer ones arrived before the model was ready.`;
  // A sender of bytes can be made to wait.
  return source.bytes === undefined ? sentence : `${sentence} With --no-live each is answered.`;
}
