import { openPostgresQueue } from './open-postgres-queue.js';
import type { OpenQueue, OpenQueueOptions } from './open-queue.js';
import { openRedisQueue } from './open-redis-queue.js';
import type { QueueAddress } from './queue-address.js';

/**
 * Connect to a queue's server, and prepare it.
 * @throws {ToolMissingError} a package is not installed. {NetworkError} the server does not answer, refuses, or is too
 * old.
 */
export function connectQueue(address: QueueAddress, options: OpenQueueOptions): Promise<OpenQueue> {
  return address.kind === 'redis' ? openRedisQueue(address, options) : openPostgresQueue(address, options);
}
