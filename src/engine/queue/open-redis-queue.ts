import type { Redis as RedisClient } from 'ioredis';
import { NetworkError } from '../../base/errors.js';
import { ConnectionWatch } from './connection-watch.js';
import { loadRedisPackages } from './load-packages.js';
import { assembleQueue, type OpenQueue, type OpenQueueOptions } from './open-queue.js';
import type { QueueAddress } from './queue-address.js';
import { toQueueError } from './queue-errors.js';
import { RedisStore } from './redis-store.js';

const CONNECT_MS = 10_000;
/** Pause before the next try to connect again, milliseconds: rises to this. */
const MAX_RETRY_MS = 3000;
/** BullMQ counts on streams. */
const MIN_REDIS = 5;
/** Events that Redis keeps for those who listen: each may hold an answer of a kilobyte. */
const MAX_EVENTS = 2000;

/** See connectQueue. */
export async function openRedisQueue(address: QueueAddress, options: OpenQueueOptions): Promise<OpenQueue> {
  const { bullmq, Redis } = await loadRedisPackages();
  const watch = new ConnectionWatch(address, options.onNote);
  const redis = new Redis(address.url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // What is asked while the server is away is asked when it is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (watch.isOpen ? Math.min(times * 200, MAX_RETRY_MS) : null),
  });
  await connect(redis, address, options);
  watch.open();
  redis.on('error', (error) => watch.lost(error));
  redis.on('close', () => watch.lost());
  redis.on('ready', () => watch.back());
  // Its version was checked; BullMQ would write warnings of its own.
  const shared = { connection: redis, skipVersionCheck: true };
  return assembleQueue({
    address,
    store: new RedisStore(redis, address.name),
    watch,
    makeQueue: (name) => new bullmq.Queue(name, { ...shared, streams: { events: { maxLen: MAX_EVENTS } } }),
    makeEvents: (name) => new bullmq.QueueEvents(name, shared),
    makeWorker: (name, work, workerOptions) => new bullmq.Worker(name, work, { ...workerOptions, ...shared }),
    ping: async () => void (await redis.ping()),
    end: async () => redis.disconnect(),
  });
}

async function connect(
  redis: RedisClient,
  address: QueueAddress,
  { onNote, connectMs = CONNECT_MS }: OpenQueueOptions,
): Promise<void> {
  let reason: unknown;
  // An error without a listener would end the program.
  redis.on('error', (error: unknown) => (reason ??= error));
  const timer = setTimeout(() => {
    // A server without TLS waits for the rest of what it takes for a command.
    reason ??= { message: redis.options.tls === undefined ? 'timed out' : 'TLS timed out' };
    redis.disconnect();
  }, connectMs);
  try {
    await redis.connect();
    // The driver says nothing about a database that is not there, and uses the first.
    await redis.select(redis.options.db ?? 0);
    const info = await redis.info();
    checkVersion(info, address);
    const read = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    if (Number(read('maxmemory')) > 0 && read('maxmemory_policy') !== 'noeviction') {
      onNote(
        `The queue ${address.shown} drops keys when its memory is full (${read('maxmemory_policy')}): jobs can get lost. Set maxmemory-policy to noeviction.`,
      );
    }
  } catch (error) {
    redis.disconnect();
    throw toQueueError(error instanceof NetworkError ? error : (reason ?? error), address);
  } finally {
    clearTimeout(timer);
  }
}

function checkVersion(info: string, { shown }: QueueAddress): void {
  const version = /^redis_version:(\S+)/m.exec(info)?.[1];
  if (version === undefined || Number.parseInt(version) >= MIN_REDIS) return;
  throw new NetworkError(
    'QUEUE_VERSION',
    `The queue ${shown} is Redis ${version}; jobs need version ${MIN_REDIS}.`,
    { hint: 'Install Redis 6.2 or later, or Valkey.' },
  );
}
