import type { Dtype } from '../../base/dtype.js';
import type { Engine } from '../../engine/engine.js';
import { connectQueue } from '../../engine/queue/connect-queue.js';
import { readQueueUrl } from '../../engine/queue/queue-address.js';
import { createQueueEngine } from '../../engine/queue/queue-engine.js';

/** Jobs in a queue at the same time, unless somebody says otherwise: pixels of 600 KB each are 38 MB. */
const DEFAULT_QUEUE_JOBS = 64;

/** Which queue, and what its workers are asked for. */
export interface QueueOptions {
  /** Of Redis or PostgreSQL, with user and password where they are needed. */
  readonly queue: string;
  readonly model: string;
  readonly dtype?: Dtype | undefined;
  readonly maxJobs?: number | undefined;
  readonly onNote: (sentence: string) => void;
}

/**
 * An engine whose requests are answered by the workers of a queue. It connects when it is first used.
 * @throws {UsageError} the address is none.
 */
export function openQueueEngine({ queue, model, dtype, maxJobs, onNote }: QueueOptions): Engine {
  const address = readQueueUrl(queue);
  return createQueueEngine({
    open: () => connectQueue(address, { onNote }),
    model: { name: model, dtype },
    maxJobs: maxJobs ?? DEFAULT_QUEUE_JOBS,
    onNote,
  });
}
