import { CancelledError } from '../../base/errors.js';
import { startDecoding, type Decoding } from './decode-frames.js';
import { describeNoFrames } from './describe-no-frames.js';
import { beginJustBefore, buildFrameFilters } from './frame-filters.js';
import { refuseKilled } from '../ffmpeg/refuse-killed.js';
import { noteEarlyEnd } from './note-early-end.js';
import { countNumbers, frameChooser, sampledRange } from './sampling-plan.js';
import type { SamplingJob, TakenFrame } from './taken-frame.js';

/**
 * Decode everything from the beginning, or from the plan's start where a jump to it is possible, and take the frames
 * of the plan. A frame is passed on once the next one's time is known.
 *
 * @throws {InputError} no frame can be decoded, or the part asked for holds none. {CancelledError}
 */
export async function* decodeInOrder(job: SamplingJob): AsyncGenerator<TakenFrame, void, undefined> {
  const { video, plan, isFromStart, first } = job;
  const { startSeconds = 0, sampling } = plan;
  const seekSeconds = first === undefined ? startSeconds : beginJustBefore(first) - video.startSeconds;
  const decoding = startDecoding({
    ...job,
    filters: buildFrameFilters(job.video, plan, job),
    seekOptions: isFromStart ? [] : ['-ss', Math.max(0, seekSeconds).toFixed(6)],
    // The rest of the video need not be decoded.
    ...(sampling.kind === 'numbers' ? { frameCount: countNumbers(sampling.ranges) } : {}),
  });
  try {
    yield* pairFrames(decoding, job);
  } finally {
    await decoding.close();
  }
}

/** Combine the pixels of stdout with the lines of stderr. */
async function* pairFrames(
  { pictures, log, ended }: Decoding,
  { video, plan, isFromStart, first, spare, signal, onNote }: SamplingJob,
): AsyncGenerator<TakenFrame, void, undefined> {
  const isWanted = frameChooser(plan.sampling, {
    ...sampledRange(video, plan),
    firstUntil: first?.nextSeconds,
  });
  let position = 0;
  let waiting: TakenFrame | undefined;
  for await (const pixels of pictures) {
    const frame = await log.frameAt(position++);
    if (frame === undefined) break;
    const { fileSeconds, cutSeconds } = frame;
    // Where pictures turn in the middle, ffmpeg starts its filters again, which then take one more.
    if (!isWanted(fileSeconds)) {
      spare.push(pixels);
      continue;
    }
    if (waiting !== undefined) yield { ...waiting, nextSeconds: fileSeconds };
    // Counted; after a jump, which only a constant rate allows, computed.
    const jumped = isFromStart ? 0 : ((log.firstSeconds ?? 0) - video.startSeconds) * video.framesPerSecond;
    const index = Math.round(jumped) + frame.decodedNumber;
    waiting = { index, fileSeconds, cutSeconds, pixels };
  }
  if (waiting !== undefined) yield waiting;
  const end = await ended;
  if (signal?.aborted || end.wasInterrupted) throw new CancelledError();
  refuseKilled(end, `read ${video.source.name}`);
  if (position === 0) {
    throw video.source.explain?.(end.lines.join('\n')) ?? describeNoFrames(video, plan, end);
  }
  noteEarlyEnd(video, plan, log.latestSeconds, onNote);
}
