import type * as BullMQ from 'bullmq';
import type { PgPool as PgPoolOfBullmq, QueueEvents as QueueListener } from 'bullmq';
import type { Pool as PgPool } from 'pg';
import { NetworkError } from '../../base/errors.js';
import { ConnectionWatch, isConnectionError } from './connection-watch.js';
import { loadPostgresPackages } from './load-packages.js';
import {
  assembleQueue,
  type JobQueue,
  type JobWorker,
  type OpenQueue,
  type OpenQueueOptions,
} from './open-queue.js';
import { PostgresStore } from './postgres-store.js';
import type { QueueAddress } from './queue-address.js';
import { toQueueError } from './queue-errors.js';

const CONNECT_MS = 10_000;
/** One listens, the others ask. */
const MAX_CONNECTIONS = 5;

/** BullMQ misses an event that comes between its question and its waiting: it asks again after this, milliseconds. */
const EVENTS_MS = 250;

/** See connectQueue. */
export async function openPostgresQueue(
  address: QueueAddress,
  options: OpenQueueOptions,
): Promise<OpenQueue> {
  const { bullmq, Pool } = await loadPostgresPackages();
  const watch = new ConnectionWatch(address, options.onNote);
  const pool = new Pool({
    connectionString: address.url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: options.connectMs ?? CONNECT_MS,
    keepAlive: true,
    // The tables of BullMQ are asked for without their schema.
    options: `-c search_path=${bullmq.DEFAULT_SCHEMA}`,
  });
  // An idle connection that is lost; an error without a listener would end the program.
  pool.on('error', (error) => watch.lost(error));
  const store = new PostgresStore(pool, address.name);
  try {
    await prepareTogether(async () => {
      await migrate(pool, bullmq, address);
      await store.prepare();
    });
  } catch (error) {
    await pool.end();
    throw toQueueError(error, address);
  }
  watch.open();
  const { Queue, QueueEvents, Worker } = bullmq.withBackend(bullmq.createPostgresBackend);
  const connection: PgPoolOfBullmq = pool as never;
  return assembleQueue({
    address,
    store,
    watch,
    // Which server the jobs are on makes no difference to those who use them.
    makeQueue: (name) => new Queue(name, { connection }) as unknown as JobQueue,
    makeEvents: (name) =>
      new QueueEvents(name, { connection, blockingTimeout: EVENTS_MS }) as unknown as QueueListener,
    makeWorker: (name, work, workerOptions) =>
      new Worker(name, work as never, { ...workerOptions, connection }) as unknown as JobWorker,
    ping: async () => {
      try {
        await pool.query('SELECT 1');
        watch.back();
      } catch (error) {
        if (isConnectionError(error)) watch.lost(error);
        throw error;
      }
    },
    end: () => pool.end(),
  });
}

async function migrate(pool: PgPool, bullmq: typeof BullMQ, { shown }: QueueAddress): Promise<void> {
  const client = await pool.connect();
  try {
    await bullmq.assertSchemaCompatibility(client).catch(async (error: unknown) => {
      if (!(error instanceof bullmq.SchemaMigrationRequiredError)) throw error;
      await bullmq.runMigrations(client);
    });
  } catch (error) {
    const isOld = error instanceof bullmq.UnsupportedPostgresVersionError;
    if (!isOld && !(error instanceof bullmq.SchemaVersionMismatchError)) throw error;
    throw new NetworkError(
      'QUEUE_VERSION',
      isOld
        ? `The queue ${shown} is PostgreSQL ${error.serverVersion}; jobs need version ${error.minimumVersion}.`
        : `The tables in ${shown} are those of BullMQ ${error.minimumClientVersion}, and this is ${error.clientVersion}.`,
      { hint: isOld ? 'Install PostgreSQL 14 or later.' : 'npm install bullmq@latest' },
    );
  } finally {
    client.release();
  }
}

/** Unique violation, duplicate schema, table, function: somebody else has just made it. */
const RACES = ['23505', '42P06', '42P07', '42723'];
const MAX_RACES = 10;

/**
 * Many programs may start at the same moment on a new database. They wait for each other, but one that has looked for a
 * schema before it waited does not see that there is one now, and must look again.
 */
async function prepareTogether(prepare: () => Promise<void>): Promise<void> {
  for (let races = 0; ; races++) {
    try {
      return await prepare();
    } catch (error) {
      if (races >= MAX_RACES || !RACES.includes(String((error as { code?: unknown }).code))) throw error;
    }
  }
}
