import type { EngineEvent } from '../engine.js';
import type { Job } from './job.js';

/** Where the scheduler's results go. Ids are the caller's. */
export interface SchedulerOutput {
  /** The output of one round, for any number of requests; in order for each request. */
  events(items: { id: number; event: EngineEvent }[]): void;
  masks(id: number, masks: Float32Array[]): void;
  /** The end of one request; none of its events follow. */
  failed(id: number, error: unknown): void;
}

/** Collects the output of a round, so that it goes out in one piece. Nothing goes out for a cancelled job. */
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
    // Its earlier output stays ahead of it.
    this.flush();
    this.#output.failed(job.id, error);
  }

  flush(): void {
    if (this.#items.length > 0) this.#output.events(this.#items);
    this.#items = [];
  }
}
