import { setTimeout as wait } from 'node:timers/promises';
import { packageVersion } from '../../base/package-folder.js';
import { askPatiently, type Patience } from './ask-patiently.js';
import { packJob, type JobQuestion } from './job-contract.js';
import { ATTEMPTS } from './job-failure.js';
import type { JobQueue, OpenQueue } from './open-queue.js';
import { toQueueError } from './queue-errors.js';

/** How long pixels stay without anybody who waits for their job; whoever waits renews them. */
export const PIXELS_MS = 3600 * 1000;
/** Answers and failures are kept for a day, the last of them only: both take memory. Seconds, and how many. */
export const KEPT = { age: 24 * 3600, count: 5000 };
/** Between two looks for room, milliseconds; not all look at the same moment. */
const ROOM_MS = 200;

/** A question for the workers. */
export interface SentJob {
  readonly id: string;
  readonly content: JobQuestion;
  /** What lies in the store beside it. */
  readonly bytes?: Uint8Array;
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
}

/** How jobs are sent. */
export interface SenderOptions extends Patience {
  readonly queue: OpenQueue;
  readonly jobs: JobQueue;
  /** The pause after the first failure, milliseconds; twice this after the second. */
  readonly backoffMs: number;
  /** How long to wait for room in a full server while nothing of ours takes any there, milliseconds. */
  readonly noRoomMs: number;
  /** Whether another job than this one takes room. */
  readonly areOthersStored: (job: SentJob) => boolean;
}

/** Puts jobs and their pixels into a queue, where and as soon as there is room. */
export class JobSender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Put a job whose pixels are stored. @throws {NetworkError} the server is full, or away. {CancelledError} */
  async add(job: SentJob): Promise<void> {
    if (job.isOver) return;
    const { id, content } = job;
    const { jobs, backoffMs } = this.#options;
    await this.#whereThereIsRoom(job, () =>
      jobs.add(content.kind, packJob(content, packageVersion()), {
        jobId: id,
        attempts: ATTEMPTS,
        // Some pauses are shorter, so that not all come back at once.
        backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
        removeOnComplete: content.kind === 'masks' ? true : KEPT,
        removeOnFail: KEPT,
        stackTraceLimit: 0,
      }),
    );
  }

  /** Put the pixels of a job. @throws as `add`. */
  async store(job: SentJob): Promise<void> {
    const { id, bytes } = job;
    if (bytes === undefined) return;
    const { store, address } = this.#options.queue;
    await this.#whereThereIsRoom(job, async () => {
      if (await store.hasRoom(bytes.length)) return store.putBytes(id, bytes, PIXELS_MS);
      throw toQueueError({ message: 'OOM' }, address);
    });
  }

  /** Wait for room as long as others of ours may make some. */
  async #whereThereIsRoom(job: SentJob, call: () => Promise<unknown>): Promise<void> {
    const { queue, areOthersStored, noRoomMs } = this.#options;
    let since = performance.now();
    for (;;) {
      try {
        await askPatiently(call, this.#options);
        return;
      } catch (error) {
        const known = toQueueError(error, queue.address);
        if (known.code !== 'QUEUE_FULL' || job.isOver) throw known;
        if (areOthersStored(job)) since = performance.now();
        else if (performance.now() - since > noRoomMs) throw known;
        await wait(ROOM_MS * (0.5 + Math.random()));
      }
    }
  }
}
