import { countJobs, type JobCounts } from './count-jobs.js';
import { ATTEMPTS } from './job-failure.js';
import type { OpenQueue } from './open-queue.js';
import type { QueuedModel, WorkerRecord } from './queue-records.js';

/** Failures that are listed with their reasons. */
const SHOWN_FAILURES = 10;
/** Jobs that one step of retrying or removing takes. */
const BATCH = 1000;

/** A job that failed for good. */
export interface DeadJob {
  readonly id: string;
  readonly prompt: string | undefined;
  readonly reason: string;
  readonly failedAt: string | undefined;
}

/** The jobs for one model. */
export interface ModelStatus extends Omit<QueuedModel, 'imageSize'>, Omit<JobCounts, 'completed'> {
  readonly answersKept: number;
  readonly isPaused: boolean;
  /** The newest of those that failed for good. */
  readonly failures: readonly DeadJob[];
  readonly workers: readonly WorkerRecord[];
}

/** What is in a queue, model by model. @throws what the driver throws. */
export async function readQueueStatus(queue: OpenQueue): Promise<ModelStatus[]> {
  const models = await queue.store.listModels();
  const workers = await queue.store.listWorkers();
  return Promise.all(
    models.map(async ({ imageSize: _, ...model }) => {
      const jobs = queue.queueOf(model.digest);
      const { completed, ...counts } = await countJobs(jobs);
      const failures = await jobs.getFailed(0, SHOWN_FAILURES - 1);
      return {
        ...model,
        ...counts,
        answersKept: completed,
        isPaused: await jobs.isPaused(),
        failures: failures.map(({ id = '', data, failedReason, finishedOn }) => ({
          id,
          prompt: readPrompt(data),
          reason: describeReason(failedReason),
          failedAt: finishedOn === undefined ? undefined : new Date(finishedOn).toISOString(),
        })),
        workers: workers.filter(({ digest }) => digest === model.digest),
      };
    }),
  );
}

/** Let workers take no jobs, or take them again. What is under way goes on. @returns the models concerned. */
export async function setPaused(queue: OpenQueue, isPaused: boolean): Promise<number> {
  const models = await queue.store.listModels();
  for (const { digest } of models) {
    const jobs = queue.queueOf(digest);
    await (isPaused ? jobs.pause() : jobs.resume());
  }
  return models.length;
}

/**
 * Put what failed for good back into the queue, as if it had never been tried. What has no pixels any more is forgotten:
 * only the command that asked can ask again.
 */
export async function retryFailed(queue: OpenQueue): Promise<{ retried: number; forgotten: number }> {
  let [retried, forgotten] = [0, 0];
  for (const { digest } of await queue.store.listModels()) {
    const jobs = queue.queueOf(digest);
    for (const { id = '', name, data, opts } of await jobs.getFailed(0, -1)) {
      const hasPixels = name !== 'ask' || (await queue.store.hasBytes(id));
      await jobs.remove(id);
      if (!hasPixels) forgotten++;
      else {
        await jobs.add(name, data, { ...opts, jobId: id });
        retried++;
      }
    }
  }
  return { retried, forgotten };
}

/**
 * Forget the jobs that nobody works on: those that wait, those that failed, and the answers that are kept. Commands that
 * still wait for one put theirs in again. @returns how many jobs.
 */
export async function drainQueue(queue: OpenQueue): Promise<number> {
  let removed = 0;
  for (const { digest } of await queue.store.listModels()) {
    const jobs = queue.queueOf(digest);
    const { waiting, delayed } = await countJobs(jobs);
    removed += waiting + delayed;
    await jobs.drain(true);
    for (const state of ['failed', 'completed'] as const) {
      for (;;) {
        const gone = await jobs.clean(0, BATCH, state);
        removed += gone.length;
        if (gone.length < BATCH) break;
      }
    }
  }
  return removed;
}

function readPrompt(data: unknown): string | undefined {
  const { request } = (data ?? {}) as { request?: { prompt?: unknown } };
  return typeof request?.prompt === 'string' ? request.prompt : undefined;
}

function describeReason(reason: string | undefined): string {
  return /stalled more than/.test(reason ?? '')
    ? `${ATTEMPTS} workers died while they worked on it`
    : (reason ?? '');
}
