import type { TaskResult } from '../../base/task-result.js';
import { isObjectResult } from '../../base/task-result.js';
import { foundLabels } from '../../tasks/answers/hint-at-semicolons.js';
import { formatSeconds } from '../../render/format-time.js';
import { countNoun } from '../../render/count-noun.js';

/** How many classes are named. */
const NAMED_CLASSES = 8;

/** What a summary counts of an output. */
export interface CountedOutput {
  readonly result: TaskResult;
  readonly answerNumber?: number;
  readonly isRecalled?: boolean;
}

/** Counts what a run did, for people who waited for it. */
export class BatchSummary {
  /** How many answers the file of --resume holds; undefined without one. */
  kept: number | undefined;
  #pictures = 0;
  #frames = 0;
  #failed = 0;
  #recalled = 0;
  readonly #videos = new Set<string>();
  readonly #classes = new Map<string, number>();
  /** Labels that were found with a score above 0. */
  readonly found = new Set<string>();
  #hasObjects = false;
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** Inputs that came to an end, with or without an answer; frames of videos count. */
  get done(): number {
    return this.#pictures + this.#frames;
  }

  /** Those of them that have an answer. */
  get answered(): number {
    return this.done - this.#failed;
  }

  get hasVideo(): boolean {
    return this.#frames > 0;
  }

  /** Whether there was more than one picture: a single one needs no summary. */
  get isBatch(): boolean {
    return this.done > 1;
  }

  /** Count an output. @param hasFailed it could not be stored with the others. */
  add({ result, answerNumber = 0, isRecalled = false }: CountedOutput, hasFailed: boolean = false): void {
    for (const { label } of result.detections ?? []) {
      this.#classes.set(label, (this.#classes.get(label) ?? 0) + 1);
    }
    for (const label of foundLabels(result.detections)) this.found.add(label);
    if (isObjectResult(result)) this.#hasObjects = true;
    if (answerNumber > 0) return;
    if (hasFailed || result.error !== undefined) this.#failed++;
    if (isRecalled) this.#recalled++;
    if (result.frame === undefined) this.#pictures++;
    else {
      this.#frames++;
      this.#videos.add(result.input);
    }
  }

  /**
   * `24 pictures · 31 cow, 4 tractor · 2 failed · 10 known from answers.jsonl · written to set/ · 1 min 12 s`.
   * @param written places that were written to, and `resume`: where earlier answers came from.
   */
  describe(written: readonly string[], resume: string | undefined): string {
    const seconds = (this.#now() - this.#startedAt) / 1000;
    const parts = [
      ...this.#describeInputs(),
      this.#describeClasses(),
      this.#failed === 0 ? '' : `${this.#failed} failed`,
      this.#recalled === 0 ? '' : `${this.#recalled} known from ${resume ?? 'an earlier run'}`,
      written.length === 0 ? '' : `written to ${written.join(', ')}`,
      formatSeconds(seconds),
    ];
    return parts.filter((part) => part !== '').join(' · ');
  }

  #describeInputs(): string[] {
    const videos = this.#videos.size;
    return [
      this.#pictures === 0 ? '' : countNoun(this.#pictures, 'picture'),
      videos === 0 ? '' : `${countNoun(this.#frames, 'frame')} of ${countNoun(videos, 'video')}`,
    ];
  }

  #describeClasses(): string {
    if (this.#classes.size === 0) return this.#hasObjects ? 'nothing found' : '';
    const sorted = [...this.#classes].sort(([, a], [, b]) => b - a);
    const rest = sorted.slice(NAMED_CLASSES).reduce((sum, [, number]) => sum + number, 0);
    const named = sorted
      .slice(0, NAMED_CLASSES)
      .map(([label, number]) => `${number} ${label === '' ? 'without a name' : label}`);
    return [...named, ...(rest === 0 ? [] : [`${rest} others`])].join(', ');
  }
}
