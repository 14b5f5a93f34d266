import type { SentJob } from './job-sender.js';

/** A job that is waited for. */
export interface TrackedJob extends SentJob {
  readonly answer: Promise<string>;
  readonly settle: (answer: string) => void;
  readonly fail: (error: Error) => void;
  waiters: number;
  /** It takes room on the server. */
  isStored: boolean;
  lookedAt: number;
  isOver: boolean;
  /** Nobody waits for it any more. */
  isLeft: boolean;
}

/** @param onOver called when it has its answer or has failed. */
export function createTrackedJob(job: Omit<SentJob, 'isOver'>, onOver: () => void): TrackedJob {
  let settle: TrackedJob['settle'] = () => undefined;
  let fail: TrackedJob['fail'] = () => undefined;
  const answer = new Promise<string>((resolve, reject) => ([settle, fail] = [resolve, reject]));
  answer.catch(() => undefined);
  const end = (): void => {
    entry.isOver = true;
    onOver();
  };
  const entry: TrackedJob = {
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
    isLeft: false,
  };
  return entry;
}
