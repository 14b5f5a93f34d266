import type { TaskResult } from '../../../base/task-result.js';
import type { FrameAnswer } from '../state/video-state.js';

/** Answers about a camera or a stream that are kept: it may run for days, and /save and /export need the last ones. */
export const MAX_LIVE_ANSWERS = 10_000;

/** The answers about a video, the newest of them where there may be any number, and what is known about them all. */
export class KeptAnswers {
  readonly #max: number;
  #answers: FrameAnswer[] = [];
  #count = 0;
  #truncated = 0;
  #skipped = 0;
  #hasObjects = false;

  /** @param max how many are kept, 1 or more; Infinity for all. */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** How many were cut off at the limit of tokens. */
  get truncated(): number {
    return this.#truncated;
  }

  /** How many reused the answer before. */
  get skipped(): number {
    return this.#skipped;
  }

  /** One of them at least found something. */
  get hasObjects(): boolean {
    return this.#hasObjects;
  }

  add(answer: FrameAnswer): void {
    const { result } = answer;
    this.#answers.push(answer);
    // Half as many again, so that not every answer moves all the others.
    if (this.#answers.length > this.#max * 1.5) this.#answers = this.list();
    this.#count++;
    this.#note(result);
  }

  /** Those that are kept, in order. */
  list(): FrameAnswer[] {
    return this.#answers.slice(-this.#max);
  }

  #note({ truncated, frame, detections = [] }: TaskResult): void {
    if (truncated === true) this.#truncated++;
    if (frame?.sameAs !== undefined) this.#skipped++;
    if (detections.length > 0) this.#hasObjects = true;
  }
}
