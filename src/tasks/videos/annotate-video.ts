import { isObjectResult } from '../../base/task-result.js';
import { objectsBetween, type MovingObject, type ObjectMoment } from '../../answers/interpolate-objects.js';
import type { RgbImage } from '../../base/image.js';
import { CancelledError } from '../../base/errors.js';
import { refuseOverInputs } from '../../base/files/refuse-over-inputs.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { drawCaption, layoutCaption, type Caption } from '../../image/draw/draw-caption.js';
import { drawOverlay } from '../../image/draw/draw-overlay.js';
import { redactAreas } from '../../image/draw/redact-areas.js';
import { assignLabelColors } from '../../render/drawing/label-colors.js';
import { sampleFrames, type VideoFrame } from '../../video/frames/sample-frames.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import type { SamplingPlan } from '../../video/frames/sampling-plan.js';
import { openVideoWriter, type VideoWriter } from '../../video/write/write-video.js';
import { checkFolder } from './check-folder.js';
import type { VideoTaskOutput } from './frame-results.js';

/** What to write. */
export interface AnnotateOptions {
  /** .mp4, .webm or .gif. */
  readonly path: string;
  /** Hide what was found instead of drawing boxes. */
  readonly redact?: RedactStyle | undefined;
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  /** Aborted to stop in the middle. */
  readonly signal?: AbortSignal | undefined;
  /** Work that is stopped by the user, too, leaves no file; an older one of this name stays. */
  readonly isWholeOrNothing?: boolean | undefined;
  /** Called with a sentence when the sound cannot be taken along. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** What is shown from one result on: its objects, or its text. */
interface AnnotatedMoment extends ObjectMoment {
  readonly text?: string | undefined;
}

/** Smoother than this no screen is: of more frames a second, some are left out. */
const MAX_RATE = 60;

/**
 * Write the video with what was found on it, or with the answer as a subtitle, while results pass through: all frames
 * up to a result's are drawn before it is handed on. Frames keep their times, the sound is copied. When the user stops
 * the work the file holds what was done, unless it is to be whole or nothing; after an error there is none, and an
 * older one of its name stays.
 *
 * @throws {UsageError} {EngineError} the video cannot be written.
 */
export async function* annotateVideo(
  outputs: AsyncIterable<VideoTaskOutput>,
  video: VideoInfo,
  options: AnnotateOptions,
): AsyncGenerator<VideoTaskOutput, void, undefined> {
  await checkFolder(options.path);
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
  readonly #labels = new Set<string>();
  readonly #frames: AsyncIterator<VideoFrame>;
  #waiting: VideoFrame | undefined;
  #isDone = false;
  #writer: VideoWriter | undefined;
  #before: AnnotatedMoment | undefined;
  #caption: { readonly text: string; readonly layout: Caption | undefined } | undefined;

  constructor(video: VideoInfo, options: AnnotateOptions) {
    this.#video = video;
    this.#options = options;
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

  /** Draw the frames before this result's, between the one before and this. */
  async drawUntil({ result, cutSeconds }: VideoTaskOutput): Promise<void> {
    if (result.frame === undefined) return;
    const { timeSeconds, trackIds } = result.frame;
    const moment: AnnotatedMoment = {
      ...{ timeSeconds, detections: result.detections ?? [], trackIds },
      ...(isObjectResult(result) ? {} : { text: result.text }),
    };
    // What comes before the first result is shown with what that one found.
    const before = this.#before ?? moment;
    await this.#drawWhile((seconds) => seconds < timeSeconds, before, moment, cutSeconds);
    this.#before = moment;
  }

  /** Draw the frames after the last result. */
  async drawRest(): Promise<void> {
    if (this.#before !== undefined) await this.#drawWhile(() => true, this.#before);
    this.#isDone = true;
  }

  /** Give the file its name; without a frame there is no file. */
  async close(): Promise<void> {
    await this.#frames.return?.();
    await this.#writer?.finish(this.#isDone ? this.#writtenEnd() : undefined);
  }

  async discard(): Promise<void> {
    await this.#frames.return?.();
    await this.#writer?.discard();
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
      if (redact === undefined) await this.#write(await this.#draw(image, objects, before.text), timeSeconds);
      else {
        // Nobody must be seen for a moment because a box came a little late: those of both sides are hidden.
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
    const { path, startSeconds = 0, onNote } = this.#options;
    const durationSeconds = this.#writtenEnd();
    this.#writer ??= await openVideoWriter({
      ...{ path, size: image, onNote },
      framesPerSecond: Math.min(MAX_RATE, this.#video.framesPerSecond),
      ...(durationSeconds && { sound: { video: this.#video, startSeconds, durationSeconds } }),
    });
    await this.#writer.write(image, timeSeconds - startSeconds);
  }

  /** How long the copy is, where that is known. */
  #writtenEnd(): number | undefined {
    const { startSeconds = 0, endSeconds = Infinity } = this.#options;
    const end = Math.min(endSeconds, this.#video.durationSeconds ?? Infinity);
    return Number.isFinite(end) && end > startSeconds ? end - startSeconds : undefined;
  }

  async #draw(image: RgbImage, objects: readonly MovingObject[], text?: string): Promise<RgbImage> {
    if (text === undefined) return this.#drawObjects(image, objects);
    // Laid out once for all frames that it stands on.
    if (this.#caption?.text !== text) this.#caption = { text, layout: await layoutCaption(text, image) };
    if (this.#caption.layout !== undefined) drawCaption(image, this.#caption.layout);
    return image;
  }

  /** A colour stays with its label through the whole video, whatever else comes and goes. */
  #drawObjects(image: RgbImage, objects: readonly MovingObject[]): Promise<RgbImage> {
    for (const { detection } of objects) this.#labels.add(detection.label);
    const colors = assignLabelColors(this.#labels);
    const shapes = objects.map(({ detection: { box, mask, label }, trackId }) => ({
      box,
      mask,
      label: trackId === undefined ? label : `${label} #${trackId}`,
      ...colors.get(label)!,
    }));
    return drawOverlay(image, shapes);
  }
}
