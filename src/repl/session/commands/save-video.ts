import { saveVideoAnswers } from '../../../tasks/videos/save-video-answers.js';
import { exitCodes } from '../../../base/errors.js';
import type { SessionCall } from './session-call.js';
import { resolvePath } from '../prompts/resolve-path.js';
import type { VideoAnswer } from '../state/video-state.js';

/**
 * Write a video's answers as a video or a sheet of pictures, and show progress. When stopped, nothing is written.
 */
export async function saveVideo(call: SessionCall, answer: VideoAnswer, path: string): Promise<void> {
  const { session, line, signal } = call;
  const { info, sampling, frames } = answer;
  const total = frames.length;
  const startedAt = session.host.now();
  const show = (done: number): void => {
    const seconds = (session.host.now() - startedAt) / 1000;
    const framesPerSecond = seconds > 0 ? done / seconds : 0;
    session.store.dispatch({
      type: 'run',
      run: {
        line,
        step: 'writing',
        isObjectTask: false,
        video: {
          ...{ done, total, share: done / total, framesPerSecond },
          secondsLeft: framesPerSecond > 0 ? (total - done) / framesPerSecond : undefined,
          ...{ isPaused: false, canPause: false, hasMoments: false },
          look: { decimals: 0, timeColumns: 0, labels: [] },
        },
      },
    });
  };
  show(0);
  const outputs = frames.map((frame) => ({ ...frame, exitCode: exitCodes.ok }));
  const work = saveVideoAnswers({ video: info, sampling, frames: outputs }, resolvePath(path), signal, show);
  // Leaving waits until the file is closed.
  await session.finishBeforeLeaving(work);
}
