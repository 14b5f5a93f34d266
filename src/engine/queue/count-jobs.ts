import type { JobQueue } from './open-queue.js';

/** How many jobs of a queue are in which state. */
export interface JobCounts {
  /** Nobody has begun them. */
  readonly waiting: number;
  readonly active: number;
  /** Failed, and tried again after a pause. */
  readonly delayed: number;
  /** Failed for good. */
  readonly failed: number;
  /** Answered, and kept. */
  readonly completed: number;
}

/** Count the jobs. On PostgreSQL those that wait in a paused queue are a state of their own. */
export async function countJobs(jobs: JobQueue): Promise<JobCounts> {
  const states = ['wait', 'paused', 'prioritized', 'active', 'delayed', 'failed', 'completed'];
  const counts = await jobs.getJobCounts(...(states as 'wait'[]));
  const count = (state: string): number => counts[state] ?? 0;
  return {
    waiting: count('wait') + count('paused') + count('prioritized'),
    active: count('active'),
    delayed: count('delayed'),
    failed: count('failed'),
    completed: count('completed'),
  };
}
