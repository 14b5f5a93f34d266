import { extname } from 'node:path';
import { CancelledError, UsageError } from '../../base/errors.js';
import type { Sampling } from '../../base/video/sampling.js';
import { sampleFrames } from '../../video/frames/sample-frames.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { videoFormatOf } from '../../video/write/video-format.js';
import { annotateVideo } from './annotate-video.js';
import type { VideoTaskOutput } from './frame-results.js';
import { writeContactSheet } from './write-contact-sheet.js';

/** Answers about a video's samples. */
export interface VideoAnswers {
  readonly video: VideoInfo;
  readonly sampling: Sampling;
  /** In order, one or more. */
  readonly frames: readonly VideoTaskOutput[];
}

/** Whether a name is for a picture rather than a video. */
function isPicturePath(path: string): boolean {
  return /^\.(?:png|jpe?g|webp)$/i.test(extname(path));
}

/**
 * Write existing answers: if the name ends in .png, .jpg or .webp, as a sheet of the frames; otherwise as a copy of
 * the video with what was found on it, up to where the answers end. If `signal` is aborted, nothing is written and an
 * existing file of that name stays.
 *
 * @param onFrame called after each finished frame.
 * @throws {UsageError} unknown kind of file, or a location that cannot be written to. {EngineError} ffmpeg failed.
 * @throws {CancelledError} {InputError} the video can no longer be decoded.
 */
export async function saveVideoAnswers(
  answers: VideoAnswers,
  path: string,
  signal: AbortSignal,
  onFrame: (done: number) => void,
): Promise<void> {
  const { video, frames } = answers;
  checkPath(path);
  const endSeconds = frames.at(-1)?.result.frame?.endSeconds;
  const outputs = isPicturePath(path)
    ? writeContactSheet(withImages(answers, signal), path, { isWholeOrNothing: true })
    : annotateVideo(replay(frames), video, { path, signal, endSeconds, isWholeOrNothing: true });
  let done = 0;
  while ((await outputs.next()).done !== true) onFrame(++done);
}

function checkPath(path: string): void {
  try {
    if (!isPicturePath(path)) videoFormatOf(path);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.code, `${path} does not say what to write.`, {
      hint: 'Let the name end in .mp4, .webm or .gif for a video, in .png, .jpg or .webp for a sheet of its frames.',
    });
  }
}

async function* replay(frames: readonly VideoTaskOutput[]): AsyncGenerator<VideoTaskOutput, void, undefined> {
  yield* frames;
}

/** The frames again, each with its answer. */
async function* withImages(
  { video, sampling, frames }: VideoAnswers,
  signal: AbortSignal,
): AsyncGenerator<VideoTaskOutput, void, undefined> {
  const known = new Map(frames.map((output) => [output.result.frame?.index, output]));
  let rest = known.size;
  for await (const { index, image } of sampleFrames(video, { sampling }, { signal })) {
    // All frames may already have been decoded.
    if (signal.aborted) throw new CancelledError();
    const output = known.get(index);
    if (output !== undefined) yield { ...output, image };
    if (output !== undefined && --rest === 0) return;
  }
}
