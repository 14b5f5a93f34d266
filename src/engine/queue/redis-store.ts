import type { Redis } from 'ioredis';
import {
  MODEL_FORGOTTEN_MS,
  parseModel,
  parseWorker,
  WORKER_GONE_MS,
  type QueuedModel,
  type WorkerRecord,
} from './queue-records.js';
import type { QueueStore } from './queue-store.js';

/** Memory that is left to jobs, answers and their events where Redis has a limit, bytes. */
const RESERVE_BYTES = 8 * 1024 * 1024;

/** How long a Redis without a limit is taken to have none, milliseconds. */
const LIMIT_MS = 30_000;

/** Bytes are keys that expire; workers and models two sorted sets, by the time at which they were last seen. */
export class RedisStore implements QueueStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  #unlimitedUntil = 0;

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.#prefix = `pali:${name}`;
  }

  async putBytes(key: string, bytes: Uint8Array, expiryMs: number): Promise<void> {
    await this.#redis.set(this.#key(key), asBuffer(bytes), 'PX', expiryMs);
  }

  async getBytes(key: string): Promise<Buffer | undefined> {
    return (await this.#redis.getBuffer(this.#key(key))) ?? undefined;
  }

  async hasBytes(key: string): Promise<boolean> {
    return (await this.#redis.exists(this.#key(key))) > 0;
  }

  async keepBytes(keys: readonly string[], expiryMs: number): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const key of keys) pipeline.pexpire(this.#key(key), expiryMs);
    await pipeline.exec();
  }

  async dropBytes(key: string): Promise<void> {
    await this.#redis.unlink(this.#key(key));
  }

  async hasRoom(sizeBytes: number): Promise<boolean> {
    // Most have no limit, and asking costs as much as a job.
    if (performance.now() < this.#unlimitedUntil) return true;
    const info = await this.#redis.info('memory');
    const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    const limit = read('maxmemory');
    if (limit === 0) this.#unlimitedUntil = performance.now() + LIMIT_MS;
    return limit === 0 || read('used_memory') + sizeBytes + Math.min(RESERVE_BYTES, limit / 4) <= limit;
  }

  async announce(worker: WorkerRecord, model: QueuedModel): Promise<void> {
    const now = await this.#now();
    const [workers, seen, models, known] = this.#records();
    await this.#redis
      .multi()
      .hset(workers, worker.id, JSON.stringify(worker))
      .zadd(seen, now, worker.id)
      .hset(models, model.digest, JSON.stringify(model))
      .zadd(known, now, model.digest)
      .exec();
    await this.#forget(workers, seen, now - WORKER_GONE_MS);
    await this.#forget(models, known, now - MODEL_FORGOTTEN_MS);
  }

  async withdraw(workerId: string): Promise<void> {
    const [workers, seen] = this.#records();
    await this.#redis.multi().hdel(workers, workerId).zrem(seen, workerId).exec();
  }

  async listWorkers(): Promise<WorkerRecord[]> {
    const [workers, seen] = this.#records();
    return this.#list(workers, seen, (await this.#now()) - WORKER_GONE_MS, parseWorker);
  }

  async listModels(): Promise<QueuedModel[]> {
    const [, , models, known] = this.#records();
    return this.#list(models, known, (await this.#now()) - MODEL_FORGOTTEN_MS, parseModel);
  }

  async #list<T>(
    hash: string,
    times: string,
    since: number,
    parse: (text: string) => T | undefined,
  ): Promise<T[]> {
    const ids = await this.#redis.zrangebyscore(times, since, '+inf');
    if (ids.length === 0) return [];
    const texts = await this.#redis.hmget(hash, ...ids);
    return texts.flatMap((text) => (text === null ? [] : (parse(text) ?? [])));
  }

  async #forget(hash: string, times: string, before: number): Promise<void> {
    const ids = await this.#redis.zrangebyscore(times, '-inf', before);
    if (ids.length > 0)
      await this.#redis
        .multi()
        .hdel(hash, ...ids)
        .zrem(times, ...ids)
        .exec();
  }

  /** The server's clock: those of the machines differ. */
  async #now(): Promise<number> {
    const [seconds, microseconds] = await this.#redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  #records(): [string, string, string, string] {
    const name = (last: string): string => `${this.#prefix}:${last}`;
    return [name('workers'), name('workers-seen'), name('models'), name('models-seen')];
  }

  #key(key: string): string {
    return `${this.#prefix}:bytes:${key}`;
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
