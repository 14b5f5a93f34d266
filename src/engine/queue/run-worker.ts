import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Device, Dtype } from '../../base/dtype.js';
import { packageVersion } from '../../base/package-folder.js';
import { closeProperly } from '../../base/signals/close-properly.js';
import { onAbort } from '../../base/signals/on-abort.js';
import type { Engine } from '../engine.js';
import { createWork, type JobReport } from './create-work.js';
import type { OpenQueue } from './open-queue.js';
import { HEARTBEAT_MS, type WorkerRecord } from './queue-records.js';

/** As long as a worker says that it still works on a job, nobody else gets it, milliseconds. */
const LOCK_MS = 60_000;
/** How often each worker looks for jobs of those that died, milliseconds. */
const STALLED_MS = 15_000;
/** A job whose worker died goes to another one this often. */
const MAX_STALLED = 2;
/** After an error of the connection, milliseconds. */
const RETRY_MS = 2000;
/** How long jobs under way may take when a worker ends, milliseconds; then others get them. */
const GRACE_MS = 10_000;

/** A worker: which model, on which queue. */
export interface WorkerOptions {
  readonly queue: OpenQueue;
  /** Ends with the worker. */
  readonly engine: Engine;
  /** Of the model's files. */
  readonly digest: string;
  /** What producers call it. */
  readonly modelName: string;
  /** Jobs at the same time. */
  readonly concurrency: number;
  readonly onReady: (model: { dtype: Dtype; device: Device; loadMs: number }) => void;
  readonly onJob: (report: JobReport) => void;
  /** Tests and benches take less; see LOCK_MS and STALLED_MS. */
  readonly lockMs?: number;
  readonly stalledMs?: number;
}

/**
 * Load the model, then answer jobs for it until `signal` is aborted. Jobs under way are finished then, or given back.
 * @throws {ModelError} {DamagedFileError} {EngineError} the model cannot be loaded, at the start or later: its jobs go to
 * others.
 */
export async function runQueueWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { queue, engine, digest, modelName, concurrency, onReady } = options;
  const startedAt = new Date().toISOString();
  const { dtype, device, imageSize, loadMs } = await engine.load();
  let failure: unknown;
  const ended = new AbortController();
  const work = createWork(options, (error) => {
    failure ??= error;
    ended.abort();
  });
  const id = randomUUID();
  const describe = (): WorkerRecord => ({
    ...{ id, host: hostname(), pid: process.pid, version: packageVersion() },
    ...{ digest, device, concurrency, startedAt, ...work.counts },
  });
  const announce = (): Promise<void> =>
    queue.store.announce(describe(), { digest, name: modelName, dtype, imageSize });
  await announce();
  const worker = queue.workerOf(digest, work.answer, {
    concurrency,
    lockDuration: options.lockMs ?? LOCK_MS,
    stalledInterval: options.stalledMs ?? STALLED_MS,
    maxStalledCount: MAX_STALLED,
    runRetryDelay: RETRY_MS,
  });
  worker.on('completed', ({ id: done, data }) => {
    const isAsked = (data as { kind?: unknown } | undefined)?.kind === 'ask';
    if (isAsked && done !== undefined) queue.store.dropBytes(done).catch(() => undefined);
  });
  const heartbeat = setInterval(() => {
    void announce().catch((error: unknown) => queue.watch.trouble(error));
    if (queue.watch.lostForMs > 0) void queue.ping().catch(() => undefined);
  }, HEARTBEAT_MS);
  onReady({ dtype, device, loadMs });
  try {
    if (!signal.aborted && !ended.signal.aborted) {
      await new Promise<void>((resolve) => {
        onAbort(signal, resolve);
        onAbort(ended.signal, resolve);
      });
    }
  } finally {
    clearInterval(heartbeat);
    await closeProperly(leave());
  }
  if (failure !== undefined) throw failure as Error;

  async function leave(): Promise<void> {
    const finished = worker.close();
    // What ends while the server is away cannot be told.
    const isOfUse = failure === undefined && queue.watch.lostForMs === 0;
    const grace = isOfUse ? GRACE_MS : 0;
    await Promise.race([finished, wait(grace, undefined, { ref: false })]);
    work.stop();
    await engine.close();
    if (queue.watch.lostForMs > 0) return;
    await Promise.race([finished, wait(RETRY_MS, undefined, { ref: false })]);
    await Promise.race([
      queue.store.withdraw(id).catch(() => undefined),
      wait(RETRY_MS, undefined, { ref: false }),
    ]);
  }
}
