import type { DeviceName } from '../../base/dtype.js';
import { digestModel } from '../../base/model-digest.js';
import { parseManifest } from '../../base/model-manifest.js';
import { closeProperly } from '../../base/signals/close-properly.js';
import { connectQueue } from '../../engine/queue/connect-queue.js';
import type { JobReport } from '../../engine/queue/create-work.js';
import { readQueueUrl } from '../../engine/queue/queue-address.js';
import { runQueueWorker } from '../../engine/queue/run-worker.js';
import { openEngine } from '../open-engine.js';
import type { ResolvedModel } from '../resolve-model.js';

export type { JobReport } from '../../engine/queue/create-work.js';

/** A worker for a model that was found. */
export interface WorkerRun {
  readonly queue: string;
  /** Of the queue; that of the address when absent. */
  readonly queueName: string | undefined;
  readonly model: ResolvedModel;
  readonly device: DeviceName;
  readonly concurrency: number;
  readonly isDebug: boolean;
  /** Told in sentences what happens. */
  readonly onNote: (sentence: string) => void;
  readonly onJob: (report: JobReport) => void;
}

/**
 * Answer the jobs of a queue until `signal` is aborted.
 * @throws {UsageError} {ToolMissingError} {NetworkError} there is no such queue. {ModelError} {EngineError} the model
 * cannot be loaded.
 */
export async function runWorker(run: WorkerRun, signal: AbortSignal): Promise<void> {
  const { model, device, concurrency, isDebug, onNote, onJob } = run;
  const address = readQueueUrl(run.queue, run.queueName);
  const digest = digestModel(await parseManifest(model.folder));
  const queue = await connectQueue(address, { onNote });
  const engine = openEngine({ model, device, isDebug });
  try {
    await runQueueWorker(
      {
        ...{ queue, engine, digest, concurrency, onJob },
        modelName: model.name,
        onReady: (ready) => {
          onNote(
            `${model.name} ${ready.dtype} on ${ready.device}, loaded in ${Math.round(ready.loadMs)} ms. Taking jobs of the queue ${address.shown}; Ctrl-C ends it.`,
          );
        },
      },
      signal,
    );
  } finally {
    await closeProperly(Promise.all([engine.close(), queue.close()]));
  }
}
