import type { QueuedModel, WorkerRecord } from './queue-records.js';

/**
 * What lies beside the jobs of a queue: pixels and masks as bytes that expire, and who works. All functions throw what
 * their driver throws.
 */
export interface QueueStore {
  /** Store bytes for a time, milliseconds, in place of any of that key. */
  putBytes(key: string, bytes: Uint8Array, expiryMs: number): Promise<void>;
  /** Undefined once they have expired. */
  getBytes(key: string): Promise<Buffer | undefined>;
  hasBytes(key: string): Promise<boolean>;
  /** Let them expire later. Those that are gone are no error. */
  keepBytes(keys: readonly string[], expiryMs: number): Promise<void>;
  dropBytes(key: string): Promise<void>;
  /** Whether this many bytes more would fit, with room left for the queue itself. */
  hasRoom(sizeBytes: number): Promise<boolean>;
  /** Say that a worker is there, and what its model is; to be repeated (see HEARTBEAT_MS). */
  announce(worker: WorkerRecord, model: QueuedModel): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  /** Those that were announced a short while ago. */
  listWorkers(): Promise<WorkerRecord[]>;
  /** Every model that a worker of this queue had in the last days. */
  listModels(): Promise<QueuedModel[]>;
}
