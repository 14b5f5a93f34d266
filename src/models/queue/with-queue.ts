import { connectQueue } from '../../engine/queue/connect-queue.js';
import {
  drainQueue,
  readQueueStatus,
  retryFailed,
  setPaused,
  type ModelStatus,
} from '../../engine/queue/control-queue.js';
import { readQueueUrl } from '../../engine/queue/queue-address.js';
import { toQueueError } from '../../engine/queue/queue-errors.js';

export type { ModelStatus } from '../../engine/queue/control-queue.js';

/** What can be done to a queue; see engine/queue/control-queue. */
export interface QueueControl {
  readonly name: string;
  /** Its address for people. */
  readonly shown: string;
  status(): Promise<ModelStatus[]>;
  pause(): Promise<number>;
  resume(): Promise<number>;
  retryFailed(): Promise<{ retried: number; forgotten: number }>;
  drain(): Promise<number>;
}

/**
 * Connect to a queue, do something to it, and leave it.
 * @throws {UsageError} {ToolMissingError} {NetworkError} there is no such queue, or its server fails.
 */
export async function withQueue<T>(
  { queue: url, queueName }: { queue: string; queueName: string | undefined },
  onNote: (sentence: string) => void,
  act: (control: QueueControl) => Promise<T>,
): Promise<T> {
  const address = readQueueUrl(url, queueName);
  const queue = await connectQueue(address, { onNote });
  try {
    return await act({
      name: address.name,
      shown: address.shown,
      status: () => readQueueStatus(queue),
      pause: () => setPaused(queue, true),
      resume: () => setPaused(queue, false),
      retryFailed: () => retryFailed(queue),
      drain: () => drainQueue(queue),
    });
  } catch (error) {
    throw toQueueError(error, address);
  } finally {
    await queue.close();
  }
}
