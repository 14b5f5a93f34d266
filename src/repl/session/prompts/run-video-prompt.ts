import { CancelledError, EngineError, exitCodes, ModelError } from '../../../base/errors.js';
import { mayFindObjects } from '../../../base/task-name.js';
import { packMasks } from '../../../tasks/videos/pack-masks.js';
import { PauseGate } from '../../../tasks/videos/pause-gate.js';
import { processVideo } from '../../../tasks/videos/process-video.js';
import type { TaskOutput } from '../../../tasks/answers/task-output.js';
import type { Task } from '../../../tasks/prompts/task.js';
import type { VideoOptions } from '../../../tasks/videos/video-options.js';
import { readyEngine, showAnswering } from './ready-engine.js';
import type { Session } from '../state/session.js';
import type { VideoPicture } from '../state/session-state.js';
import { runOptionsOf, type Settings } from '../state/settings.js';
import { untilAborted } from '../state/until-aborted.js';
import { VideoRun } from './video-run.js';
import { samplingOf } from '../state/video-settings.js';

/** Frames in progress at the same time: those that the engine takes together, and the next ones. */
const JOBS = 8;

/**
 * Run a task on the samples of a video. Moments become blocks as they end; Space pauses.
 *
 * @returns false when it was stopped and the partial answer is shown.
 * @throws {CancelledError} it was stopped before the first answer. {InputError} the video cannot be decoded.
 * @throws {EngineError} {ModelError} the model cannot go on.
 */
export async function runVideoPrompt(
  session: Session,
  task: Task,
  picture: VideoPicture,
  { line, isOneOfSeveral }: { readonly line: string; readonly isOneOfSeveral: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const { host, state } = session;
  const { settings } = state;
  const ready = await readyEngine(session, signal);
  const { run: asked } = session.state;
  if (asked !== undefined) {
    session.store.dispatch({ type: 'run', run: { ...asked, step: 'opening the video' } });
  }
  const gate = new PauseGate();
  const run = new VideoRun(session, task, picture, { line, isOneOfSeveral, gate });
  const keepsImages = host.stripLength(settings.preview) > 0;
  const { path, stream } = picture.video;
  const input = { name: picture.name, ...(stream === undefined ? { path } : { stream }) };
  const outputs = processVideo(input, task, ready.engine, {
    video: toVideoOptions(settings, task),
    ...runOptionsOf(settings),
    jobs: JOBS,
    ...{ keepsImages, keepsSmallImages: true, signal, gate },
    onStart: (_, total) => run.start(total),
    onDrop: (dropped) => run.drop(dropped),
    onNote: (text) => session.addBlock({ type: 'note', text, tone: 'warning' }),
  });
  session.pausable = run;
  try {
    for (;;) {
      const next = await untilAborted(outputs.next(), signal);
      if (next.done === true) break;
      throwIfHopeless(next.value);
      await showAnswering(session, ready, signal);
      run.add(toKept(next.value), next.value.image);
    }
    await run.finish(false);
    return true;
  } catch (error) {
    if (run.frames === 0) throw error;
    // Live input goes on until it is stopped.
    await run.finish(error instanceof CancelledError && stream === undefined);
    if (error instanceof CancelledError) return false;
    throw error;
  } finally {
    session.pausable = undefined;
    // The signal kills ffmpeg, so there is no need to wait for it to end.
    outputs.return().catch(() => undefined);
  }
}

function toVideoOptions(settings: Settings, { name }: Task): VideoOptions {
  return {
    sampling: samplingOf(settings),
    isSummary: false,
    isTracked: settings.isTracked && mayFindObjects(name),
    similarity: settings.similarity,
  };
}

function toKept(output: TaskOutput): TaskOutput {
  return { ...output, result: packMasks(output.result) };
}

/** Without an engine, every other frame would fail as this one did. */
function throwIfHopeless({ thrown, exitCode }: TaskOutput): void {
  if (exitCode !== exitCodes.ok && (thrown instanceof EngineError || thrown instanceof ModelError))
    throw thrown;
}
