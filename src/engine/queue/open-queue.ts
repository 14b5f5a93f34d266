import type { Job, Queue, QueueEvents, Worker, WorkerOptions } from 'bullmq';
import type { ConnectionWatch } from './connection-watch.js';
import { endAll } from './end-all.js';
import type { QueueAddress } from './queue-address.js';
import type { QueueStore } from './queue-store.js';

/** What a job of ours carries is checked by its reader (see job-contract). */
export type QueueJob = Job<unknown, string>;
export type JobQueue = Queue<unknown, string>;
export type JobWorker = Worker<unknown, string>;
/** Answers a job; what it returns is kept with the job. */
export type Work = (job: QueueJob, token?: string) => Promise<string>;
export type JobWorkerOptions = Omit<WorkerOptions, 'connection'>;

/** A connection to a queue's server. Jobs for each model are in a queue of their own, so that no other worker takes them. */
export interface OpenQueue {
  readonly address: QueueAddress;
  readonly store: QueueStore;
  /** Whether the server is there. */
  readonly watch: ConnectionWatch;
  /** The jobs for a model, by its digest. */
  queueOf(digest: string): JobQueue;
  /** What happens to them. */
  eventsOf(digest: string): QueueEvents;
  workerOf(digest: string, work: Work, options: JobWorkerOptions): JobWorker;
  /** @throws what the driver throws: the server does not answer. */
  ping(): Promise<void>;
  /** Close what was opened here, queues and workers too, without waiting for work under way. */
  close(): Promise<void>;
}

/** How a queue is opened. */
export interface OpenQueueOptions {
  /** Called with a sentence when the connection is lost, and when it is there again. */
  readonly onNote: (sentence: string) => void;
  /** How long connecting may take, milliseconds; tests take less. */
  readonly connectMs?: number;
}

/** What differs from server to server; names are those that BullMQ knows the jobs by. */
export interface QueueParts extends Pick<OpenQueue, 'address' | 'store' | 'watch' | 'ping'> {
  readonly makeQueue: (name: string) => JobQueue;
  readonly makeEvents: (name: string) => QueueEvents;
  readonly makeWorker: (name: string, work: Work, options: JobWorkerOptions) => JobWorker;
  /** End the connection. */
  readonly end: () => Promise<void>;
}

/** An open queue of a server's parts: each queue is made once, listened to for errors, and closed. */
export function assembleQueue({ makeQueue, makeEvents, makeWorker, end, ...parts }: QueueParts): OpenQueue {
  const queues = new Map<string, JobQueue>();
  const events = new Map<string, QueueEvents>();
  const workers: JobWorker[] = [];
  const { address, watch } = parts;
  const trouble = (error: unknown): void => watch.trouble(error);
  return {
    ...parts,
    queueOf: (digest) => {
      const queue = queues.get(digest) ?? makeQueue(bullName(address, digest)).on('error', trouble);
      queues.set(digest, queue);
      return queue;
    },
    eventsOf: (digest) => {
      const listener = events.get(digest) ?? makeEvents(bullName(address, digest)).on('error', trouble);
      events.set(digest, listener);
      return listener;
    },
    workerOf: (digest, work, options) => {
      const worker = makeWorker(bullName(address, digest), work, options).on('error', trouble);
      workers.push(worker);
      return worker;
    },
    close: async () => {
      watch.close();
      await endAll([
        ...workers.map((worker) => worker.close(true)),
        ...[...events.values(), ...queues.values()].map((one) => one.close()),
      ]);
      await endAll([end()]);
    },
  };
}

/** The name that BullMQ knows the jobs for a model by: `pali-0123456789ab`. */
function bullName({ name }: QueueAddress, digest: string): string {
  return `${name}-${digest.slice(0, 12)}`;
}
