import { CancelledError } from '../../base/errors.js';
import { startDecoding } from './decode-frames.js';
import { buildFrameFilters } from './frame-filters.js';
import { refuseKilled } from '../ffmpeg/refuse-killed.js';
import { noteEarlyEnd } from './note-early-end.js';
import type { SeekStretch } from './plan-seeks.js';
import type { FrameTimes } from './read-frame-times.js';
import type { SamplingJob, TakenFrame } from './taken-frame.js';

/**
 * Take frames by jumping to the key frame before each. The log of each run must show that decoding began at a key
 * frame not after the frame taken, and that this is the frame meant; otherwise the rest is decoded in order.
 *
 * @returns whether all frames were taken.
 * @throws {CancelledError}
 */
export async function* jumpToFrames(
  job: SamplingJob,
  times: FrameTimes,
  stretches: readonly SeekStretch[],
): AsyncGenerator<TakenFrame, boolean, undefined> {
  const { video, plan, signal, onNote } = job;
  const secondsOf = (frame: number): number => times.pts[frame] * times.unitSeconds;
  for (const [position, { seekSeconds, frames }] of stretches.entries()) {
    const after = stretches[position + 1]?.frames[0];
    let count = 0;
    const decoding = startDecoding({
      ...job,
      filters: buildFrameFilters(video, plan, { ...job, pts: frames.map((frame) => times.pts[frame]) }),
      seekOptions: ['-noaccurate_seek', '-ss', Math.max(0, seekSeconds).toFixed(6)],
      frameCount: frames.length,
    });
    try {
      for await (const pixels of decoding.pictures) {
        const frame = frames[count];
        const { log } = decoding;
        const fileSeconds = (await log.frameAt(count++))?.fileSeconds;
        const isMeant = frame !== undefined && fileSeconds === secondsOf(frame);
        if (!isMeant || !((log.firstKeySeconds ?? Infinity) <= fileSeconds)) return false;
        const next = frames[count] ?? after;
        const nextSeconds = next === undefined ? undefined : secondsOf(next);
        yield { index: frame, fileSeconds, nextSeconds, pixels };
      }
      const end = await decoding.ended;
      if (signal?.aborted || end.wasInterrupted) throw new CancelledError();
      if (count < frames.length) refuseKilled(end, `read ${video.source.name}`);
      if (count < frames.length) return false;
    } finally {
      await decoding.close();
    }
  }
  noteEarlyEnd(video, plan, secondsOf(times.pts.length - 1), onNote);
  return true;
}
