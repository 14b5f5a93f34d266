import type { Pool } from 'pg';
import {
  MODEL_FORGOTTEN_MS,
  parseModel,
  parseWorker,
  WORKER_GONE_MS,
  type QueuedModel,
  type WorkerRecord,
} from './queue-records.js';
import type { QueueStore } from './queue-store.js';

/** Beside the tables of BullMQ, which have a schema of their own. */
const TABLES = `
  CREATE SCHEMA IF NOT EXISTS pali;
  CREATE UNLOGGED TABLE IF NOT EXISTS pali.queue_bytes (
    queue text, key text, data bytea NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (queue, key));
  CREATE INDEX IF NOT EXISTS queue_bytes_expires_at ON pali.queue_bytes (expires_at);
  CREATE TABLE IF NOT EXISTS pali.queue_workers (
    queue text, id text, record text NOT NULL, seen_at timestamptz NOT NULL, PRIMARY KEY (queue, id));
  CREATE TABLE IF NOT EXISTS pali.queue_models (
    queue text, digest text, record text NOT NULL, seen_at timestamptz NOT NULL, PRIMARY KEY (queue, digest));`;
/** So that two programs do not create them at the same moment. */
const LOCK = 7254;

/** Bytes are rows of a table that is not logged: they can be had again, and are many. */
export class PostgresStore implements QueueStore {
  readonly #pool: Pool;
  readonly #name: string;

  constructor(pool: Pool, name: string) {
    this.#pool = pool;
    this.#name = name;
  }

  /** Create the tables where they are missing. */
  async prepare(): Promise<void> {
    const { rows } = await this.#pool.query<{ there: boolean }>(
      "SELECT to_regclass('pali.queue_models') IS NOT NULL AS there",
    );
    if (rows[0]?.there === true) return;
    // Several statements in one query are one transaction.
    await this.#pool.query(`SELECT pg_advisory_xact_lock(${LOCK}); ${TABLES}`);
  }

  async putBytes(key: string, bytes: Uint8Array, expiryMs: number): Promise<void> {
    await this.#pool.query(
      `INSERT INTO pali.queue_bytes VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond')
       ON CONFLICT (queue, key) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
      [this.#name, key, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), expiryMs],
    );
  }

  async getBytes(key: string): Promise<Buffer | undefined> {
    const { rows } = await this.#pool.query<{ data: Buffer }>(
      'SELECT data FROM pali.queue_bytes WHERE queue = $1 AND key = $2 AND expires_at > now()',
      [this.#name, key],
    );
    return rows[0]?.data;
  }

  async hasBytes(key: string): Promise<boolean> {
    const { rows } = await this.#pool.query(
      'SELECT 1 FROM pali.queue_bytes WHERE queue = $1 AND key = $2 AND expires_at > now()',
      [this.#name, key],
    );
    return rows.length > 0;
  }

  async keepBytes(keys: readonly string[], expiryMs: number): Promise<void> {
    await this.#pool.query(
      `UPDATE pali.queue_bytes SET expires_at = now() + $3 * interval '1 millisecond'
       WHERE queue = $1 AND key = ANY($2)`,
      [this.#name, keys, expiryMs],
    );
  }

  async dropBytes(key: string): Promise<void> {
    await this.#pool.query('DELETE FROM pali.queue_bytes WHERE queue = $1 AND key = $2', [this.#name, key]);
  }

  /** A full disk shows itself when something is written. */
  async hasRoom(): Promise<boolean> {
    return true;
  }

  async announce(worker: WorkerRecord, model: QueuedModel): Promise<void> {
    const put = (table: string, key: string, record: string): Promise<unknown> =>
      this.#pool.query(
        `INSERT INTO pali.${table} VALUES ($1, $2, $3, now())
         ON CONFLICT ON CONSTRAINT ${table}_pkey DO UPDATE SET record = excluded.record, seen_at = now()`,
        [this.#name, key, record],
      );
    await put('queue_workers', worker.id, JSON.stringify(worker));
    await put('queue_models', model.digest, JSON.stringify(model));
    await this.#pool.query('DELETE FROM pali.queue_bytes WHERE expires_at < now()');
    await this.#forget('queue_workers', WORKER_GONE_MS);
    await this.#forget('queue_models', MODEL_FORGOTTEN_MS);
  }

  async withdraw(workerId: string): Promise<void> {
    await this.#pool.query('DELETE FROM pali.queue_workers WHERE queue = $1 AND id = $2', [
      this.#name,
      workerId,
    ]);
  }

  async listWorkers(): Promise<WorkerRecord[]> {
    return this.#list('queue_workers', WORKER_GONE_MS, parseWorker);
  }

  async listModels(): Promise<QueuedModel[]> {
    return this.#list('queue_models', MODEL_FORGOTTEN_MS, parseModel);
  }

  async #list<T>(table: string, ageMs: number, parse: (text: string) => T | undefined): Promise<T[]> {
    const { rows } = await this.#pool.query<{ record: string }>(
      `SELECT record FROM pali.${table}
       WHERE queue = $1 AND seen_at > now() - $2 * interval '1 millisecond' ORDER BY record`,
      [this.#name, ageMs],
    );
    return rows.flatMap(({ record }) => parse(record) ?? []);
  }

  async #forget(table: string, ageMs: number): Promise<void> {
    await this.#pool.query(
      `DELETE FROM pali.${table} WHERE seen_at < now() - $1 * interval '1 millisecond'`,
      [ageMs],
    );
  }
}
