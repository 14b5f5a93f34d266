import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelError } from '../../base/errors.js';
import type { PaliTokenizer } from '../../tokens/tokenizer.js';
import { AliveJobs } from './active-jobs.js';
import { callModel } from './call-model.js';
import type { EngineRequest } from '../engine.js';
import { ImageEncoder } from './image-encoder.js';
import { createJob, type Job } from './job.js';
import type { LoadedModel } from '../model/loaded-model.js';
import { Outbox, type SchedulerOutput } from './scheduler-output.js';

/**
 * Answers many requests with one model, which does one thing at a time. Waiting requests are admitted, one after the
 * other, as long as the model has room; then all active ones take a step together; new ones join between two steps.
 * Between any two calls of the model the event loop gets a turn, so that a cancel is noticed. A failing request
 * affects no other, except those in the same failed step.
 */
export class Scheduler {
  readonly #model: LoadedModel;
  readonly #tokenizer: PaliTokenizer;
  readonly #output: SchedulerOutput;
  readonly #outbox: Outbox;
  readonly #encoder: ImageEncoder;
  readonly #waiting: Job[] = [];
  readonly #alive: AliveJobs;
  readonly #masks: { id: number; codes: readonly (readonly number[])[] }[] = [];
  #admitting: Job | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(model: LoadedModel, tokenizer: PaliTokenizer, output: SchedulerOutput) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#output = output;
    this.#outbox = new Outbox(output);
    this.#encoder = new ImageEncoder(model);
    this.#alive = new AliveJobs(model, this.#outbox);
  }

  /** Take a request; everything about it, including errors, goes to the output. */
  submit(id: number, request: EngineRequest): void {
    try {
      this.#encoder.checkSize(request.images);
      this.#waiting.push(createJob(id, request, this.#model.spec, this.#tokenizer));
    } catch (error) {
      this.#output.failed(id, error);
      return;
    }
    this.#wake();
  }

  /** Decode masks between two steps. */
  decodeMasks(id: number, codes: readonly (readonly number[])[]): void {
    this.#masks.push({ id, codes });
    this.#wake();
  }

  /** Forget a request, active or waiting; it has no further output. Unknown ids are ignored. */
  cancel(id: number): void {
    const place = this.#waiting.findIndex((job) => job.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
    const job = this.#admitting?.id === id ? this.#admitting : this.#alive.find(id);
    // Released between two calls of the model, which may be using it right now.
    if (job !== undefined) job.isCancelled = true;
  }

  /** Stop after the current call of the model and release everything; there is no further output. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    this.#alive.releaseAll();
  }

  #wake(): void {
    // A rejection here is a bug of ours, and ends the process as one.
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      await nextTurn();
      this.#alive.dropCancelled();
      const masks = this.#isClosed ? undefined : this.#masks.shift();
      if (masks !== undefined) await this.#runMasks(masks.id, masks.codes);
      else if (!this.#isClosed && this.#canAdmit()) await this.#admit(this.#waiting.shift()!);
      else if (!this.#isClosed && this.#alive.count > 0) await this.#alive.step();
      else break;
      this.#outbox.flush();
    }
    this.#running = undefined;
  }

  /** Whether there is room for the request that has waited longest; no later one overtakes it. */
  #canAdmit(): boolean {
    return this.#waiting.length > 0 && this.#alive.canAdmit(this.#waiting[0]);
  }

  async #runMasks(id: number, codes: readonly (readonly number[])[]): Promise<void> {
    try {
      if (this.#model.decodeMasks === undefined) {
        throw new ModelError('NO_MASK_DECODER', 'The model was converted without a mask decoder.', {
          hint: 'Import it again with one to get masks.',
        });
      }
      this.#output.masks(id, await callModel(() => this.#model.decodeMasks!(codes)));
    } catch (error) {
      this.#output.failed(id, error);
    }
  }

  /** Run the vision tower where needed, and start the answer. */
  async #admit(job: Job): Promise<void> {
    this.#admitting = job;
    try {
      const features: Float32Array[] = [];
      for (const image of job.request.images) {
        const encoded = await this.#encoder.encode(image);
        features.push(encoded.features);
        job.visionMs += encoded.visionMs;
        await nextTurn();
        if (job.isCancelled || this.#isClosed) return;
      }
      await this.#alive.start(job, features);
    } catch (error) {
      this.#outbox.fail(job, error);
    } finally {
      this.#admitting = undefined;
    }
  }
}
