import { callModel } from './call-model.js';
import { chooseDraftLength } from './choose-draft-length.js';
import type { StopReason } from '../engine.js';
import type { Job } from './job.js';
import type { LoadedModel, SequenceId, StepLogits } from '../model/loaded-model.js';
import type { Outbox } from './scheduler-output.js';

/** New tokens of all sequences in one run at most: 16 rows cost a CPU 2 to 5 times one row. */
const TOKENS_PER_RUN = 16;

/** A job whose keys and values the model holds. */
interface Alive {
  readonly job: Job;
  readonly sequence: SequenceId;
}

/** The jobs whose answers are being generated, one token each per step. */
export class AliveJobs {
  readonly #model: LoadedModel;
  readonly #outbox: Outbox;
  #alive: Alive[] = [];

  constructor(model: LoadedModel, outbox: Outbox) {
    this.#model = model;
    this.#outbox = outbox;
  }

  get count(): number {
    return this.#alive.length;
  }

  find(id: number): Job | undefined {
    return this.#alive.find(({ job }) => job.id === id)?.job;
  }

  /** Whether the model has room for this one besides the others. */
  canAdmit(job: Job): boolean {
    if (this.#alive.length >= this.#model.maxSequences) return false;
    return this.#alive.length === 0 || this.#model.canStart(job.prefixLength, job.request.maxTokens);
  }

  /**
   * Run the prefix, which gives the first token.
   * @param features of the job's pictures, in their order.
   * @throws {EngineError} the model could not; the job is not active then.
   */
  async start(job: Job, features: Float32Array[]): Promise<void> {
    const prefillAt = performance.now();
    const { sequence, logits } = await callModel(() =>
      this.#model.prefill(features, job.promptIds, job.request.maxTokens),
    );
    job.startedAt = performance.now();
    job.prefillMs = job.startedAt - prefillAt;
    const alive = { job, sequence };
    this.#alive.push(alive);
    const { prefixLength: promptTokens, visionMs, prefillMs } = job;
    this.#outbox.say(job, { type: 'start', promptTokens, visionMs, prefillMs });
    this.#advance(alive, logits);
  }

  /** One more token for each, or more where drafts are right, in one call of the model. If it fails, all of them fail. */
  async step(): Promise<void> {
    const together = [...this.#alive];
    // Many tokens in a run pay while the weights are what takes the time.
    const limit = Math.min(this.#model.tokensPerRun, Math.floor(TOKENS_PER_RUN / together.length)) - 1;
    const proposed = together.map(({ job }) => job.generation.propose(limit).length);
    const length = chooseDraftLength(proposed);
    const drafts = together.map(({ job }) => job.generation.startDraft(length));
    const rows = together.map(({ job: { generation }, sequence }, i) => ({
      sequence,
      tokens: [generation.lastId, ...drafts[i]],
      wanted: drafts[i].length + 1,
      isLocSeg: drafts[i].length === 0 && generation.needsLocSegOnly,
    }));
    let logits: StepLogits[][];
    try {
      logits = await callModel(() => this.#model.extend(rows));
    } catch (error) {
      for (const { job } of together) this.#fail(job, error);
      return;
    }
    for (const [i, alive] of together.entries()) this.#takeDraft(alive, drafts[i], logits[i]);
  }

  /** Go on as if the tokens had come one by one: a draft is right as far as its tokens are those that are chosen. */
  #takeDraft(alive: Alive, draft: readonly number[], logits: readonly StepLogits[]): void {
    const { generation } = alive.job;
    let accepted = 0;
    while (this.#advance(alive, logits[accepted])) {
      if (accepted === draft.length || generation.lastId !== draft[accepted]) break;
      accepted++;
    }
    if (draft.length === 0) return;
    const isAlive = this.#alive.includes(alive);
    if (isAlive && accepted < draft.length) {
      this.#model.shorten(alive.sequence, draft.length - accepted);
    }
    generation.endDraft(accepted);
  }

  dropCancelled(): void {
    for (const { job } of [...this.#alive]) if (job.isCancelled) this.#release(job);
  }

  /** Make the model forget them all, without output. */
  releaseAll(): void {
    for (const { job } of [...this.#alive]) this.#release(job);
  }

  /** @returns whether the answer goes on. */
  #advance(alive: Alive, logits: StepLogits): boolean {
    const { job } = alive;
    if (job.isCancelled) return false;
    try {
      const { token, stop } = job.generation.accept(logits);
      if (token !== undefined) this.#outbox.say(job, { type: 'token', token });
      if (stop === undefined) return true;
      this.#finish(job, stop);
    } catch (error) {
      this.#fail(job, error);
    }
    return false;
  }

  #finish(job: Job, stop: StopReason): void {
    const { visionMs, prefillMs, startedAt, generation } = job;
    const generateMs = performance.now() - startedAt;
    this.#outbox.say(job, generation.finish(stop, { visionMs, prefillMs, generateMs }));
    this.#release(job);
  }

  #fail(job: Job, error: unknown): void {
    this.#release(job);
    this.#outbox.fail(job, error);
  }

  #release(job: Job): void {
    const place = this.#alive.findIndex((alive) => alive.job === job);
    if (place < 0) return;
    const [{ sequence }] = this.#alive.splice(place, 1);
    this.#model.release(sequence);
  }
}
