import { isObjectResult } from '../../base/task-result.js';
import { objectsBetween, type ObjectMoment } from '../../answers/interpolate-objects.js';
import type { RgbImage } from '../../base/image.js';
import { CancelledError } from '../../base/errors.js';
import { refuseOverInputs } from '../../base/files/refuse-over-inputs.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { redactAreas } from '../../image/draw/redact-areas.js';
import type { LabelStyle } from '../../render/drawing/label-style.js';
import { askedThings } from '../../render/drawing/asked-things.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { SamplingPlan } from '../../video/frames/sampling-plan.js';
import { openVideoWriter, type VideoWriter } from '../../video/write/write-video.js';
import { checkFolder, makeFolderOf } from './folder-of-file.js';
import type { VideoTaskOutput } from './frame-results.js';
import { MomentDrawing } from './moment-drawing.js';

/** What to write. */
export interface AnnotateOptions {
  /** .mp4, .webm or .gif. */
  readonly path: string;
  /** What is written at boxes; names when absent: scores would flicker. */
  readonly labels?: LabelStyle | undefined;
  /** Hide what was found instead of drawing boxes. */
  readonly redact?: RedactStyle | undefined;
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  /** Aborted to stop partway through. */
  readonly signal?: AbortSignal | undefined;
  /** Leave no file even if the user stops the work; an existing file of this name stays. */
  readonly isWholeOrNothing?: boolean | undefined;
  /** Folders that are made with the file in them. */
  readonly foldersToMake?: readonly string[] | undefined;
  /** Called with a sentence if the sound cannot be included. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** What is shown from one result onwards: its objects, or its text. */
interface AnnotatedMoment extends ObjectMoment {
  readonly text?: string | undefined;
}

/** No screen is smoother than this: at higher frame rates, some frames are left out. */
const MAX_RATE = 60;

/**
 * Write the video with what was found on it, or with the answer as a subtitle, as results pass through: all frames up
 * to a result's are drawn before the result is passed on. Frames keep their times, and the sound is copied. If the
 * user stops the work, the file holds what was done so far, unless it must be complete or not written at all; after an
 * error there is no new file, and an existing one of that name stays.
 *
 * @throws {UsageError} {EngineError} the video cannot be written.
 */
export async function* annotateVideo(
  outputs: AsyncIterable<VideoTaskOutput>,
  video: VideoInfo,
  options: AnnotateOptions,
): AsyncGenerator<VideoTaskOutput, void, undefined> {
  await checkFolder(options.path, options.foldersToMake);
  await refuseOverInputs(options.path, [video.source.address.replace(/^file:/, '')]);
  const drawing = new DrawnVideo(video, options);
  const keepsPart = options.isWholeOrNothing !== true;
  let isWanted = keepsPart;
  try {
    for await (const output of outputs) {
      if (options.signal?.aborted) throw new CancelledError();
      await drawing.drawUntil(output);
      yield output;
    }
    await drawing.drawRest();
    isWanted = true;
  } catch (error) {
    isWanted = keepsPart && error instanceof CancelledError;
    throw error;
  } finally {
    await (isWanted ? drawing.close() : drawing.discard());
  }
}

class DrawnVideo {
  readonly #video: VideoInfo;
  readonly #options: AnnotateOptions;
  readonly #drawing: MomentDrawing;
  readonly #frames: AsyncIterator<VideoFrame>;
  #waiting: VideoFrame | undefined;
  #isDone = false;
  #writer: VideoWriter | undefined;
  #leaveNoFolder = async (): Promise<void> => undefined;
  #before: AnnotatedMoment | undefined;

  constructor(video: VideoInfo, options: AnnotateOptions) {
    this.#video = video;
    this.#options = options;
    this.#drawing = new MomentDrawing(options.labels ?? 'name');
    const { startSeconds, endSeconds, signal } = options;
    const isFast = video.framesPerSecond > MAX_RATE;
    const plan: SamplingPlan = {
      sampling: isFast ? { kind: 'every', everySeconds: 1 / MAX_RATE } : { kind: 'all' },
      ...(startSeconds === undefined ? {} : { startSeconds }),
      ...(endSeconds === undefined ? {} : { endSeconds }),
    };
    const frames = sampleFrames(video, plan, { canGuessNumbers: true, ...(signal ? { signal } : {}) });
    this.#frames = frames[Symbol.asyncIterator]();
  }

  /** Draw the frames between the previous result's and this one's. */
  async drawUntil({ result, cutSeconds }: VideoTaskOutput): Promise<void> {
    if (result.frame === undefined) return;
    for (const thing of askedThings(result)) this.#drawing.addLabel(thing);
    const { timeSeconds, trackIds } = result.frame;
    const moment: AnnotatedMoment = {
      ...{ timeSeconds, detections: result.detections ?? [], trackIds },
      ...(isObjectResult(result) ? {} : { text: result.text }),
    };
    // Frames before the first result show what the first result found.
    const before = this.#before ?? moment;
    await this.#drawWhile((seconds) => seconds < timeSeconds, before, moment, cutSeconds);
    this.#before = moment;
  }

  /** Draw the frames after the last result. */
  async drawRest(): Promise<void> {
    if (this.#before !== undefined) await this.#drawWhile(() => true, this.#before);
    this.#isDone = true;
  }

  /** Give the file its final name; if there are no frames, there is no file. */
  async close(): Promise<void> {
    await this.#frames.return?.();
    try {
      await this.#writer?.finish(this.#isDone ? this.#writtenEnd() : undefined);
    } finally {
      await this.#leaveNoFolder();
    }
  }

  async discard(): Promise<void> {
    await this.#frames.return?.();
    await this.#writer?.discard();
    await this.#leaveNoFolder();
  }

  async #drawWhile(
    isBefore: (seconds: number) => boolean,
    before: AnnotatedMoment,
    after?: AnnotatedMoment,
    cutSeconds?: number,
  ): Promise<void> {
    for (;;) {
      this.#waiting ??= await this.#nextFrame();
      if (this.#waiting === undefined || !isBefore(this.#waiting.timeSeconds)) return;
      const { image, timeSeconds } = this.#waiting;
      this.#waiting = undefined;
      const objects = objectsBetween(before, after, timeSeconds, cutSeconds);
      const { redact } = this.#options;
      if (redact === undefined)
        await this.#write(await this.#drawing.draw(image, objects, before.text), timeSeconds);
      else {
        // Nobody may be visible for a moment because a box came slightly late: hide the boxes from both sides.
        const areas = [
          ...objects.map(({ detection }) => detection),
          ...before.detections,
          ...(after?.detections ?? []),
        ];
        redactAreas(
          image,
          areas.map(({ box }) => box),
          redact,
        );
        await this.#write(image, timeSeconds);
      }
    }
  }

  async #nextFrame(): Promise<VideoFrame | undefined> {
    const next = await this.#frames.next();
    return next.done === true ? undefined : next.value;
  }

  async #write(image: RgbImage, timeSeconds: number): Promise<void> {
    const { path, startSeconds = 0, onNote, foldersToMake } = this.#options;
    const durationSeconds = this.#writtenEnd();
    if (this.#writer === undefined) this.#leaveNoFolder = await makeFolderOf(path, foldersToMake);
    this.#writer ??= await openVideoWriter({
      ...{ path, size: image, onNote },
      framesPerSecond: Math.min(MAX_RATE, this.#video.framesPerSecond),
      ...(durationSeconds && { sound: { video: this.#video, startSeconds, durationSeconds } }),
    });
    await this.#writer.write(image, timeSeconds - startSeconds);
  }

  /** How long the copy is, if known. */
  #writtenEnd(): number | undefined {
    const { startSeconds = 0, endSeconds = Infinity } = this.#options;
    const end = Math.min(endSeconds, this.#video.durationSeconds ?? Infinity);
    return Number.isFinite(end) && end > startSeconds ? end - startSeconds : undefined;
  }
}
