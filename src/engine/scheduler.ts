import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelError } from '../base/errors.js';
import { imageTokenCount } from '../base/model-spec.js';
import { buildPromptIds } from '../tokens/build-prompt.js';
import type { PaliTokenizer } from '../tokens/tokenizer.js';
import { callModel } from './call-model.js';
import type { EngineEvent, EngineRequest, StopReason } from './engine.js';
import { Generation } from './generate.js';
import { ImageEncoder } from './image-encoder.js';
import type { LoadedModel, SequenceId, StepLogits } from './loaded-model.js';

/** Where the scheduler's results go. Ids are the caller's. */
export interface SchedulerOutput {
  /** What one round gave, for any number of requests, in the order of each. */
  events(items: { id: number; event: EngineEvent }[]): void;
  masks(id: number, masks: Float32Array[]): void;
  /** The end of one request; none of its events follow. */
  failed(id: number, error: unknown): void;
}

interface Job {
  readonly id: number;
  readonly request: EngineRequest;
  readonly promptIds: readonly number[];
  /** Positions before the answer: image tokens and prompt. */
  readonly prefixLength: number;
  readonly generation: Generation;
  isCancelled: boolean;
  visionMs: number;
  prefillMs: number;
  /** When its first logits were there, by performance.now. */
  startedAt: number;
}

/** A job whose keys and values the model keeps. */
interface Alive {
  readonly job: Job;
  readonly sequence: SequenceId;
}

/**
 * Answers many requests with one model, which does one thing at a time. Waiting requests are admitted, one
 * after the other, as long as the model has room; then all those alive take a step together; new ones join
 * between two steps. Between any two calls of the model the event loop has its turn, so that a cancel is heard.
 * A request that fails takes no other with it, except those in the same failed step.
 */
export class Scheduler {
  readonly #model: LoadedModel;
  readonly #tokenizer: PaliTokenizer;
  readonly #output: SchedulerOutput;
  readonly #encoder: ImageEncoder;
  readonly #waiting: Job[] = [];
  readonly #masks: { id: number; codes: readonly (readonly number[])[] }[] = [];
  #alive: Alive[] = [];
  #outbox: { id: number; event: EngineEvent }[] = [];
  #admitting: Job | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(model: LoadedModel, tokenizer: PaliTokenizer, output: SchedulerOutput) {
    this.#model = model;
    this.#encoder = new ImageEncoder(model);
    this.#tokenizer = tokenizer;
    this.#output = output;
  }

  /** Take a request; everything about it, errors too, comes through the output. */
  submit(id: number, request: EngineRequest): void {
    try {
      this.#encoder.checkSize(request.images);
      const promptIds = buildPromptIds(this.#tokenizer, request.prompt);
      const imageTokens = imageTokenCount(this.#model.spec.vision) * request.images.length;
      this.#waiting.push({
        id,
        request,
        promptIds,
        prefixLength: imageTokens + promptIds.length,
        generation: new Generation(request, this.#tokenizer),
        isCancelled: false,
        visionMs: 0,
        prefillMs: 0,
        startedAt: 0,
      });
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

  /** Forget a request, alive or waiting; nothing more is said about it. Others and unknown ids are left alone. */
  cancel(id: number): void {
    const place = this.#waiting.findIndex((job) => job.id === id);
    if (place >= 0) this.#waiting.splice(place, 1);
    const job =
      this.#admitting?.id === id ? this.#admitting : this.#alive.find((one) => one.job.id === id)?.job;
    // Released between two calls of the model, which may be using it right now.
    if (job !== undefined) job.isCancelled = true;
  }

  /** Stop after the current call of the model and release everything; nothing more is said. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    for (const { sequence } of this.#alive) this.#model.release(sequence);
    this.#alive = [];
  }

  #wake(): void {
    // A rejection here is a bug of ours, and ends the process as one.
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      await nextTurn();
      this.#dropCancelled();
      const masks = this.#isClosed ? undefined : this.#masks.shift();
      if (masks !== undefined) await this.#runMasks(masks.id, masks.codes);
      else if (!this.#isClosed && this.#canAdmit()) await this.#admit(this.#waiting.shift()!);
      else if (!this.#isClosed && this.#alive.length > 0) await this.#step();
      else break;
      this.#flush();
    }
    this.#running = undefined;
  }

  /** Whether the request that waits longest has room; no later one goes before it. */
  #canAdmit(): boolean {
    const next = this.#waiting[0];
    if (next === undefined || this.#alive.length >= this.#model.maxSequences) return false;
    return this.#alive.length === 0 || this.#model.canStart(next.prefixLength, next.request.maxTokens);
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

  /** Run the vision tower where it must be, and the prefix; the first token comes with it. */
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
      const prefillAt = performance.now();
      const { sequence, logits } = await callModel(() =>
        this.#model.prefill(features, job.promptIds, job.request.maxTokens),
      );
      job.startedAt = performance.now();
      job.prefillMs = job.startedAt - prefillAt;
      const alive = { job, sequence };
      this.#alive.push(alive);
      const { prefixLength: promptTokens, visionMs, prefillMs } = job;
      this.#say(job, { type: 'start', promptTokens, visionMs, prefillMs });
      this.#advance(alive, logits);
    } catch (error) {
      this.#fail(job, error);
    } finally {
      this.#admitting = undefined;
    }
  }

  async #step(): Promise<void> {
    const together = [...this.#alive];
    const rows = together.map(({ job, sequence }) => ({ sequence, token: job.generation.lastId }));
    let logits: StepLogits[];
    try {
      logits = await callModel(() => this.#model.step(rows));
    } catch (error) {
      for (const { job } of together) this.#fail(job, error);
      return;
    }
    for (const [i, alive] of together.entries()) this.#advance(alive, logits[i]);
  }

  #advance(alive: Alive, logits: StepLogits): void {
    const { job } = alive;
    if (job.isCancelled) return;
    try {
      const { token, stop } = job.generation.accept(logits);
      if (token !== undefined) this.#say(job, { type: 'token', token });
      if (stop !== undefined) this.#finish(alive, stop);
    } catch (error) {
      this.#fail(job, error);
    }
  }

  #finish(alive: Alive, stop: StopReason): void {
    const { visionMs, prefillMs, startedAt, generation } = alive.job;
    const generateMs = performance.now() - startedAt;
    this.#say(alive.job, generation.finish(stop, { visionMs, prefillMs, generateMs }));
    this.#release(alive.job);
  }

  #say(job: Job, event: EngineEvent): void {
    if (!job.isCancelled) this.#outbox.push({ id: job.id, event });
  }

  #fail(job: Job, error: unknown): void {
    this.#release(job);
    if (job.isCancelled) return;
    // What it said before stays before.
    this.#flush();
    this.#output.failed(job.id, error);
  }

  #release(job: Job): void {
    const place = this.#alive.findIndex((alive) => alive.job === job);
    if (place < 0) return;
    const [{ sequence }] = this.#alive.splice(place, 1);
    this.#model.release(sequence);
  }

  #dropCancelled(): void {
    for (const { job } of [...this.#alive]) if (job.isCancelled) this.#release(job);
  }

  #flush(): void {
    if (this.#outbox.length > 0) this.#output.events(this.#outbox);
    this.#outbox = [];
  }
}
