import { objectsBetween, type MovingObject, type ObjectMoment } from '../../answers/interpolate-objects.js';
import type { Size } from '../../base/geometry.js';
import { isObjectResult } from '../../base/task-result.js';
import { scaleDetections } from '../../render/drawing/scale-detections.js';
import type { VideoTaskOutput } from './frame-results.js';

/** What the answers about a video say of one moment of it. */
export interface ShownMoment {
  /** Tracked ones move from sample to sample; others stand still until the next one. */
  readonly objects: readonly MovingObject[];
  /** An answer in words. */
  readonly text?: string | undefined;
}

type Answer = Pick<VideoTaskOutput, 'result' | 'cutSeconds'>;

/** The answers about a video's samples, to be looked up by time. */
export class AnswerTimeline {
  readonly #answers: readonly Answer[];
  readonly #size: Size;
  /** Masks are costly to unpack: those of the moments that are being shown are kept. */
  readonly #moments = new Map<number, ObjectMoment>();

  /**
   * @param answers in the order of their times.
   * @param size of the picture that objects are placed in.
   */
  constructor(answers: readonly Answer[], size: Size) {
    this.#answers = answers.filter(({ result }) => result.frame !== undefined && result.error === undefined);
    this.#size = size;
  }

  /** @param seconds from the video's beginning. Before the first sample it is what that one says. */
  at(seconds: number): ShownMoment {
    if (this.#answers.length === 0) return { objects: [] };
    const index = Math.max(
      0,
      this.#answers.findLastIndex(({ result }) => result.frame!.timeSeconds <= seconds),
    );
    const { result } = this.#answers[index];
    const isAfterEnd =
      index === this.#answers.length - 1 && seconds >= (result.frame!.endSeconds ?? Infinity);
    if (isAfterEnd) return { objects: [] };
    const after = this.#answers[index + 1];
    const objects = objectsBetween(
      this.#momentAt(index),
      after && this.#momentAt(index + 1),
      seconds,
      after?.cutSeconds,
    );
    return { objects, text: isObjectResult(result) ? undefined : result.text };
  }

  #momentAt(index: number): ObjectMoment {
    const known = this.#moments.get(index);
    if (known !== undefined) return known;
    for (const other of this.#moments.keys()) if (Math.abs(other - index) > 1) this.#moments.delete(other);
    const { detections = [], image = this.#size, frame } = this.#answers[index].result;
    const moment = {
      timeSeconds: frame!.timeSeconds,
      detections: scaleDetections(detections, image, this.#size),
      trackIds: frame!.trackIds,
    };
    this.#moments.set(index, moment);
    return moment;
  }
}
