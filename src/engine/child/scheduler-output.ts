import type { EngineEvent } from '../engine.js';
import type { Job } from './job.js';

/** Where the scheduler's results go. Ids are the caller's. */
export interface SchedulerOutput {
  /** What one round gave, for any number of requests, in the order of each. */
  events(items: { id: number; event: EngineEvent }[]): void;
  masks(id: number, masks: Float32Array[]): void;
  /** The end of one request; none of its events follow. */
  failed(id: number, error: unknown): void;
}

/** Keeps what a round says, so that it goes out in one piece. Of a cancelled job nothing goes out. */
export class Outbox {
  readonly #output: SchedulerOutput;
  #items: { id: number; event: EngineEvent }[] = [];

  constructor(output: SchedulerOutput) {
    this.#output = output;
  }

  say(job: Job, event: EngineEvent): void {
    if (!job.isCancelled) this.#items.push({ id: job.id, event });
  }

  fail(job: Job, error: unknown): void {
    if (job.isCancelled) return;
    // What it said before stays before.
    this.flush();
    this.#output.failed(job.id, error);
  }

  flush(): void {
    if (this.#items.length > 0) this.#output.events(this.#items);
    this.#items = [];
  }
}
