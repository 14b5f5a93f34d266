import { CancelledError } from '../../base/errors.js';
import { onAbort } from '../../base/signals/on-abort.js';
import { askPatiently, type Patience } from './ask-patiently.js';
import { countJobs } from './count-jobs.js';
import { endAll } from './end-all.js';
import { lacksPixels, toDeadError } from './job-failure.js';
import { JobSender, KEPT, PIXELS_MS, type SentJob } from './job-sender.js';
import type { JobQueue, OpenQueue, QueueJob } from './open-queue.js';
import { toQueueError } from './queue-errors.js';
import { createTrackedJob, type TrackedJob } from './tracked-job.js';

const TICK_MS = 1000;

/** How patient a tracker is, milliseconds; tests are less so. */
export interface TrackerPatience {
  /** A server that is away for longer is given up. */
  readonly giveUpMs?: number;
  /** See SenderOptions. */
  readonly backoffMs?: number;
  readonly noRoomMs?: number;
  /** Events can get lost, and so can jobs of a server that was restarted: each is looked at this often. */
  readonly lookMs?: number;
}

const PATIENCE = { giveUpMs: 5 * 60 * 1000, backoffMs: 2000, noRoomMs: 10_000, lookMs: 5000 };

/**
 * The jobs of one program for one model: puts them into the queue, and waits for their ends with one listener for all.
 * A job that is there already, from whomever, is waited for; one whose answer is kept gives it at once.
 */
export class JobTracker {
  readonly #queue: OpenQueue;
  readonly #jobs: JobQueue;
  readonly #entries = new Map<string, TrackedJob>();
  readonly #lookMs: number;
  readonly #patience: Patience;
  readonly #sender: JobSender;
  readonly #timer: NodeJS.Timeout;
  #keptAt = performance.now();
  #isClosed = false;

  constructor(queue: OpenQueue, digest: string, given: TrackerPatience = {}) {
    const { lookMs, giveUpMs, backoffMs, noRoomMs } = { ...PATIENCE, ...given };
    this.#queue = queue;
    this.#jobs = queue.queueOf(digest);
    this.#lookMs = lookMs;
    this.#patience = { watch: queue.watch, giveUpMs, isClosed: () => this.#isClosed };
    this.#sender = new JobSender({
      ...this.#patience,
      ...{ queue, jobs: this.#jobs, backoffMs, noRoomMs },
      areOthersStored: (job) => [...this.#entries.values()].some((one) => one !== job && one.isStored),
    });
    const events = queue.eventsOf(digest);
    events.on('completed', ({ jobId, returnvalue }) => this.#entries.get(jobId)?.settle(String(returnvalue)));
    events.on('failed', ({ jobId }) => {
      const entry = this.#entries.get(jobId);
      if (entry !== undefined) void this.#look(entry);
    });
    this.#timer = setInterval(() => void this.#tick(), TICK_MS);
  }

  /**
   * What a worker returns for the job.
   * @throws {EngineError} it is on the dead list. {NetworkError} the server is away. {CancelledError}
   */
  async run(job: Omit<SentJob, 'isOver'>, signal?: AbortSignal): Promise<string> {
    if (signal?.aborted || this.#isClosed) throw new CancelledError();
    const entry = this.#entries.get(job.id) ?? this.#begin(job);
    entry.waiters++;
    let stopListening = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      stopListening = onAbort(signal, () => reject(new CancelledError()));
    });
    try {
      return await Promise.race([entry.answer, left]);
    } finally {
      stopListening();
      entry.waiters--;
      if (entry.waiters === 0 && !entry.isOver) await this.#leave(entry);
    }
  }

  /** Whether workers take no jobs. */
  async isPaused(): Promise<boolean> {
    return this.#jobs.isPaused();
  }

  /** Jobs of this model on the server that nobody works on yet. */
  async countWaiting(): Promise<number> {
    const { waiting, delayed } = await countJobs(this.#jobs);
    return waiting + delayed;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const entries = [...this.#entries.values()];
    for (const entry of entries) entry.fail(new CancelledError('The queue was closed.'));
    await endAll(entries.map((entry) => this.#withdraw(entry)));
  }

  #begin(job: Omit<SentJob, 'isOver'>): TrackedJob {
    const entry = createTrackedJob(job, () => this.#entries.delete(job.id));
    this.#entries.set(job.id, entry);
    void this.#look(entry);
    return entry;
  }

  /** See what has become of a job, and put it into the queue where it is not there. */
  async #look(entry: TrackedJob): Promise<void> {
    entry.lookedAt = Infinity;
    try {
      const job = await askPatiently(() => this.#jobs.getJob(entry.id), this.#patience);
      if (!entry.isOver) await this.#follow(entry, job);
    } catch (error) {
      if (!entry.isOver) entry.fail(toQueueError(error, this.#queue.address));
    } finally {
      entry.lookedAt = performance.now();
    }
  }

  async #follow(entry: TrackedJob, job: QueueJob | undefined): Promise<void> {
    if (job === undefined) return this.#send(entry);
    if (job.finishedOn === undefined) {
      // It is somebody else's, or of an earlier run: its pixels may have expired.
      if (!entry.isStored) await this.#sender.store(entry);
      entry.isStored = true;
    } else if (job.failedReason === undefined) {
      entry.settle(String(job.returnvalue));
    } else if (lacksPixels(job.failedReason)) {
      await askPatiently(() => this.#jobs.remove(entry.id), this.#patience);
      await this.#send(entry);
    } else {
      // For whoever wants it to be tried again.
      await this.#keep([entry.id], KEPT.age * 1000);
      entry.fail(toDeadError(job.failedReason));
    }
  }

  async #send(entry: TrackedJob): Promise<void> {
    entry.isStored = false;
    await this.#sender.store(entry);
    entry.isStored = true;
    await this.#sender.add(entry);
    // Left while it was on its way.
    if (entry.isLeft) await this.#withdraw(entry);
  }

  async #tick(): Promise<void> {
    const { watch } = this.#queue;
    if (watch.lostForMs > 0) await this.#queue.ping().catch(() => undefined);
    if (this.#isClosed) return;
    const entries = [...this.#entries.values()];
    if (watch.lostForMs > this.#patience.giveUpMs) {
      for (const entry of entries) entry.fail(watch.reason);
    }
    const now = performance.now();
    if (now - this.#keptAt > PIXELS_MS / 3) {
      this.#keptAt = now;
      const stored = entries.filter(({ isStored }) => isStored).map(({ id }) => id);
      await this.#keep(stored, PIXELS_MS);
    }
    if (watch.lostForMs > 0) return;
    for (const entry of entries) if (now - entry.lookedAt > this.#lookMs) void this.#look(entry);
  }

  async #keep(ids: readonly string[], expiryMs: number): Promise<void> {
    if (ids.length > 0) await this.#queue.store.keepBytes(ids, expiryMs).catch(() => undefined);
  }

  async #leave(entry: TrackedJob): Promise<void> {
    entry.isLeft = true;
    entry.fail(new CancelledError());
    if (!this.#isClosed) await endAll([this.#withdraw(entry)]);
  }

  /** Take a job back that no worker has begun. One that a worker has stays: its answer is kept. */
  async #withdraw({ id }: TrackedJob): Promise<void> {
    const removed = await this.#jobs.remove(id).catch(() => 0);
    if (removed > 0) await this.#queue.store.dropBytes(id).catch(() => undefined);
  }
}
