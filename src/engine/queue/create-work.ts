import { CancelledError, describeError, EngineError } from '../../base/errors.js';
import type { Engine } from '../engine.js';
import { answerJob } from './answer-job.js';
import { JobFailure, JobGivenBack } from './job-failure.js';
import type { OpenQueue, QueueJob, Work } from './open-queue.js';
import { SoloGate } from './solo-gate.js';

/** One job that has ended, for the log. */
export interface JobReport {
  readonly time: Date;
  readonly id: string;
  readonly kind: string;
  readonly prompt?: string | undefined;
  readonly durationMs: number;
  readonly tokens?: number | undefined;
  /** Why it failed, or is refused; absent where it was answered. */
  readonly error?: string | undefined;
}

/** What a worker works with. */
export interface WorkOptions {
  readonly queue: OpenQueue;
  readonly engine: Engine;
  /** Of the model's files. */
  readonly digest: string;
  readonly onJob: (report: JobReport) => void;
}

/** A worker's work. */
export interface WorkState {
  readonly answer: Work;
  readonly counts: { answered: number; failed: number };
  /** From now on jobs go back into the queue. */
  readonly stop: () => void;
}

/**
 * Answers jobs, and says what became of each. An engine that died is started again; jobs that were under way are tried
 * again, each by itself, so that what killed it kills nothing else then.
 *
 * @param fail told when the engine cannot be started again. The worker has to end: it would fail every job there is.
 */
export function createWork(
  { queue, engine, digest, onJob }: WorkOptions,
  fail: (error: unknown) => void,
): WorkState {
  const gate = new SoloGate();
  const counts = { answered: 0, failed: 0 };
  let isStopped = false;
  const answer: Work = async (job, token) => {
    const base = { time: new Date(), id: job.id ?? '', kind: job.name };
    const startedAt = performance.now();
    const isSolo = job.attemptsMade > 0 || job.stalledCounter > 0;
    try {
      const done = await gate.run(isSolo, async () => {
        if (isStopped) throw new CancelledError();
        return answerJob(job, { engine, store: queue.store, digest });
      });
      counts.answered++;
      const { text, ...facts } = done;
      onJob({ ...base, ...facts, durationMs: performance.now() - startedAt });
      return text;
    } catch (error) {
      if (isStopped || error instanceof CancelledError) throw await giveBack(job, token);
      counts.failed++;
      const why = error instanceof JobFailure ? error.sentence : describeError(error).message;
      onJob({ ...base, error: why, durationMs: performance.now() - startedAt });
      if (error instanceof JobFailure) throw error;
      if (error instanceof EngineError && !(await canLoad())) throw await giveBack(job, token);
      throw new JobFailure(error, false);
    }
  };
  const canLoad = async (): Promise<boolean> => {
    try {
      await engine.load();
      return true;
    } catch (error) {
      isStopped = true;
      fail(error);
      return false;
    }
  };
  return { answer, counts, stop: () => (isStopped = true) };
}

async function giveBack(job: QueueJob, token: string | undefined): Promise<JobGivenBack> {
  await job.moveToWait(token);
  return new JobGivenBack();
}
