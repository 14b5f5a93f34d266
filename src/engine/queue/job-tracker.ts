import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError } from '../../base/errors.js';
import { onAbort } from '../../base/signals/on-abort.js';
import { packageVersion } from '../../base/package-folder.js';
import { isConnectionError } from './connection-watch.js';
import { countJobs } from './count-jobs.js';
import { endAll } from './end-all.js';
import { packJob, type JobQuestion } from './job-contract.js';
import { ATTEMPTS, lacksPixels, toDeadError } from './job-failure.js';
import type { JobQueue, OpenQueue } from './open-queue.js';
import { toQueueError } from './queue-errors.js';

/** How long pixels stay without anybody who waits for their job; whoever waits renews them. */
const PIXELS_MS = 3600 * 1000;
/** Answers and failures are kept for a day, the last of them only: both take memory. */
const KEPT = { age: 24 * 3600, count: 5000 };
/** Pauses between tries, milliseconds: this, then twice this. */
const BACKOFF_MS = 2000;
const TICK_MS = 1000;
/** Events can get lost, and so can jobs of a server that was restarted: each is looked at this often, milliseconds. */
const LOOK_MS = 5000;
/** A server that is away for longer is given up, milliseconds. */
const GIVE_UP_MS = 5 * 60 * 1000;
/** How long to wait for room in a full server while nothing of ours is under way there, milliseconds. */
const NO_ROOM_MS = 10_000;

/** How patient a tracker is, milliseconds; tests are less so. */
export interface TrackerPatience {
  readonly giveUpMs?: number;
  readonly backoffMs?: number;
  readonly noRoomMs?: number;
  readonly lookMs?: number;
}

/** A question for the workers. */
export interface TrackedJob {
  readonly id: string;
  readonly content: JobQuestion;
  /** What lies in the store beside it. */
  readonly bytes?: Uint8Array;
}

interface Entry extends TrackedJob {
  readonly answer: Promise<string>;
  readonly settle: (answer: string) => void;
  readonly fail: (error: Error) => void;
  waiters: number;
  /** It takes room on the server. */
  isStored: boolean;
  lookedAt: number;
  isOver: boolean;
}

/**
 * The jobs of one program for one model: puts them into the queue, and waits for their ends with one listener for all.
 * A job that is there already, from whomever, is waited for; one whose answer is kept gives it at once.
 */
export class JobTracker {
  readonly #queue: OpenQueue;
  readonly #jobs: JobQueue;
  readonly #entries = new Map<string, Entry>();
  readonly #patience: Required<TrackerPatience>;
  #timer: NodeJS.Timeout | undefined;
  #keptAt = performance.now();
  #isClosed = false;

  constructor(queue: OpenQueue, digest: string, patience: TrackerPatience = {}) {
    this.#queue = queue;
    this.#patience = {
      giveUpMs: GIVE_UP_MS,
      backoffMs: BACKOFF_MS,
      noRoomMs: NO_ROOM_MS,
      lookMs: LOOK_MS,
      ...patience,
    };
    this.#jobs = queue.queueOf(digest);
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
  async run(job: TrackedJob, signal?: AbortSignal): Promise<string> {
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

  #begin(job: TrackedJob): Entry {
    let [settle, fail]: [(answer: string) => void, (error: Error) => void] = [
      () => undefined,
      () => undefined,
    ];
    const answer = new Promise<string>((resolve, reject) => ([settle, fail] = [resolve, reject]));
    answer.catch(() => undefined);
    const end = (): void => {
      entry.isOver = true;
      this.#entries.delete(job.id);
    };
    const entry: Entry = {
      ...job,
      answer,
      settle: (text) => {
        end();
        settle(text);
      },
      fail: (error) => {
        end();
        fail(error);
      },
      waiters: 0,
      isStored: false,
      lookedAt: performance.now(),
      isOver: false,
    };
    this.#entries.set(job.id, entry);
    void this.#look(entry);
    return entry;
  }

  /** See what has become of a job, and put it into the queue where it is not there. */
  async #look(entry: Entry): Promise<void> {
    entry.lookedAt = Infinity;
    try {
      const job = await this.#patiently(() => this.#jobs.getJob(entry.id));
      if (entry.isOver) return;
      const isDead = job?.finishedOn !== undefined && job.failedReason !== undefined;
      if (job !== undefined && isDead && lacksPixels(job.failedReason)) {
        await this.#patiently(() => this.#jobs.remove(entry.id));
        await this.#put(entry);
      } else if (isDead) {
        await this.#keep([entry.id], KEPT.age * 1000);
        entry.fail(toDeadError(job.failedReason));
      } else if (job?.finishedOn !== undefined) entry.settle(String(job.returnvalue));
      else if (job === undefined) await this.#put(entry);
      // It is somebody else's, or of an earlier run: its pixels may have expired.
      else if (!entry.isStored) await this.#store(entry);
    } catch (error) {
      if (!entry.isOver) entry.fail(toQueueError(error, this.#queue.address));
    } finally {
      entry.lookedAt = performance.now();
    }
  }

  async #put(entry: Entry): Promise<void> {
    await this.#store(entry);
    if (entry.isOver) return;
    const { id, content } = entry;
    const data = packJob(content, packageVersion());
    await this.#whereThereIsRoom(entry, () =>
      this.#jobs.add(content.kind, data, {
        jobId: id,
        attempts: ATTEMPTS,
        // Some pauses are shorter, so that not all come back at once.
        backoff: { type: 'exponential', delay: this.#patience.backoffMs, jitter: 0.5 },
        removeOnComplete: content.kind === 'masks' ? true : KEPT,
        removeOnFail: KEPT,
        stackTraceLimit: 0,
      }),
    );
    // Left while it was on its way.
    if (entry.isOver) await this.#withdraw(entry);
  }

  async #store(entry: Entry): Promise<void> {
    const { id, bytes } = entry;
    if (bytes === undefined) return;
    const { store } = this.#queue;
    await this.#whereThereIsRoom(entry, async () => {
      if (await store.hasRoom(bytes.length)) return store.putBytes(id, bytes, PIXELS_MS);
      throw toQueueError({ message: 'OOM' }, this.#queue.address);
    });
    entry.isStored = true;
  }

  /** Wait for room as long as others of ours may make some. */
  async #whereThereIsRoom(entry: Entry, call: () => Promise<unknown>): Promise<void> {
    let since = performance.now();
    for (;;) {
      try {
        await this.#patiently(call);
        return;
      } catch (error) {
        const known = toQueueError(error, this.#queue.address);
        if (known.code !== 'QUEUE_FULL' || entry.isOver) throw known;
        const others = [...this.#entries.values()].filter((one) => one !== entry && one.isStored);
        if (others.length > 0) since = performance.now();
        else if (performance.now() - since > this.#patience.noRoomMs) throw known;
        await wait(200 * (0.5 + Math.random()));
      }
    }
  }

  /** Ask the server, again and again while it is away. */
  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    const { watch } = this.#queue;
    for (;;) {
      try {
        return await call();
      } catch (error) {
        if (this.#isClosed) throw new CancelledError();
        if (!isConnectionError(error)) throw error;
        watch.lost(error);
        if (watch.lostForMs > this.#patience.giveUpMs) throw watch.reason;
        await wait(TICK_MS);
      }
    }
  }

  async #tick(): Promise<void> {
    const { watch } = this.#queue;
    if (watch.lostForMs > 0) await this.#queue.ping().catch(() => undefined);
    if (this.#isClosed) return;
    if (watch.lostForMs > this.#patience.giveUpMs) {
      for (const entry of this.#entries.values()) entry.fail(watch.reason);
      return;
    }
    const now = performance.now();
    if (now - this.#keptAt > PIXELS_MS / 3) {
      this.#keptAt = now;
      const stored = [...this.#entries.values()].filter(({ isStored }) => isStored);
      await this.#keep(
        stored.map(({ id }) => id),
        PIXELS_MS,
      );
    }
    if (watch.lostForMs > 0) return;
    for (const entry of this.#entries.values()) {
      if (now - entry.lookedAt > this.#patience.lookMs) void this.#look(entry);
    }
  }

  async #keep(ids: readonly string[], expiryMs: number): Promise<void> {
    if (ids.length > 0) await this.#queue.store.keepBytes(ids, expiryMs).catch(() => undefined);
  }

  /** Nobody waits for it any more. */
  async #leave(entry: Entry): Promise<void> {
    entry.fail(new CancelledError());
    if (!this.#isClosed) await endAll([this.#withdraw(entry)]);
  }

  /** Take a job back that no worker has begun. */
  async #withdraw({ id }: Entry): Promise<void> {
    const isGone = await this.#jobs.remove(id).then(
      (count) => count > 0,
      // A worker has it: its answer is kept.
      () => false,
    );
    if (isGone) await this.#queue.store.dropBytes(id).catch(() => undefined);
  }
}
