import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/base/errors.js';
import type { Engine, EngineInfo } from '../../src/engine/engine.js';
import { ModelPool, type PoolOptions } from '../../src/serve/model-pool.js';

const signal = new AbortController().signal;
const events: string[] = [];
afterEach(() => void events.splice(0));

function open(name: string, load: () => Promise<EngineInfo>): Engine {
  events.push(`open ${name}`);
  return {
    load,
    findImageSize: async () => 2,
    decodeMasks: async () => [],
    close: async () => void events.push(`close ${name}`),
    ask: () => {
      throw new Error('Nobody asks here.');
    },
  };
}

function createPool(options: Partial<PoolOptions> = {}): ModelPool {
  const info = (model: string): EngineInfo => ({
    model,
    dtype: 'fp32',
    device: 'cpu',
    imageSize: 2,
    notes: [],
    loadMs: 1,
  });
  return new ModelPool({
    find: async ({ name = 'a' }) => ({ name, dtype: 'fp32', folder: name, digest: name, sizeBytes: 1 }),
    open: ({ name }) => open(name, async () => info(name)),
    device: 'auto',
    maxModels: 1,
    keepAliveMs: -1,
    ...options,
  });
}

const names = (pool: ModelPool): string[] => pool.list().map(({ model }) => model.name);

describe('models in memory', () => {
  it('are shared by those who ask for the same, and stay', async () => {
    const pool = createPool();
    const [first, second] = await Promise.all([
      pool.acquire({ name: 'a' }, signal),
      pool.acquire({ name: 'a' }, signal),
    ]);
    expect(first.engine).toBe(second.engine);
    expect(pool.list()).toMatchObject([{ uses: 2 }]);
    first.release();
    first.release();
    expect(pool.list()).toMatchObject([{ uses: 1 }]);
    second.release();
    expect(names(pool)).toEqual(['a']);
    expect(events).toEqual(['open a']);
  });

  it('give way to another one as soon as nobody uses them, in order of asking', async () => {
    const pool = createPool();
    const first = await pool.acquire({ name: 'a' }, signal);
    const other = pool.acquire({ name: 'b' }, signal);
    const later = pool.acquire({ name: 'a' }, signal);
    await wait(10);
    expect(names(pool)).toEqual(['a']);
    first.release();
    const second = await other;
    expect(names(pool)).toEqual(['b']);
    second.release();
    (await later).release();
    expect(events).toEqual(['open a', 'close a', 'open b', 'close b', 'open a']);
  });

  it('stay side by side where there is room; the one used longest ago goes', async () => {
    const pool = createPool({ maxModels: 2 });
    for (const name of ['a', 'b', 'a', 'c']) (await pool.acquire({ name }, signal)).release();
    expect(names(pool)).toEqual(['a', 'c']);
  });

  it('are not waited for by the hasty, nor by those who have left', async () => {
    const pool = createPool();
    const first = await pool.acquire({ name: 'a' }, signal);
    await expect(pool.acquire({ name: 'b' }, signal, true)).rejects.toMatchObject({ code: 'MODEL_BUSY' });
    const leaving = new AbortController();
    const waiting = pool.acquire({ name: 'b' }, leaving.signal);
    leaving.abort();
    await expect(waiting).rejects.toThrow();
    first.release();
    (await pool.acquire({ name: 'a' }, signal)).release();
    expect(events).toEqual(['open a']);
  });

  it('leave after their time, counted from the last use; a request may bring its own', async () => {
    vi.useFakeTimers();
    try {
      const onEmpty = vi.fn();
      const pool = createPool({ keepAliveMs: 1000, onEmpty });
      (await pool.acquire({}, signal)).release();
      await vi.advanceTimersByTimeAsync(900);
      (await pool.acquire({}, signal)).release();
      await vi.advanceTimersByTimeAsync(900);
      expect(names(pool)).toEqual(['a']);
      expect(pool.list()[0].expiresAt).toBeDefined();
      await vi.advanceTimersByTimeAsync(200);
      expect(names(pool)).toEqual([]);
      expect(onEmpty).toHaveBeenCalledOnce();
      (await pool.acquire({}, signal)).release(-1);
      await vi.advanceTimersByTimeAsync(10_000_000);
      expect(names(pool)).toEqual(['a']);
      (await pool.acquire({}, signal)).release(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(names(pool)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that cannot be loaded hold no place', async () => {
    let isBroken = true;
    const pool = createPool({
      open: ({ name }) =>
        open(name, async () => {
          if (isBroken) throw new EngineError('ENGINE_START_FAILED', 'No.');
          return { model: name, dtype: 'fp32', device: 'cpu', imageSize: 2, notes: [], loadMs: 1 };
        }),
    });
    const broken = await pool.acquire({}, signal);
    await expect(broken.loading).rejects.toThrow('No.');
    broken.release();
    expect(names(pool)).toEqual([]);
    isBroken = false;
    expect(await (await pool.acquire({}, signal)).loading).toMatchObject({ model: 'a' });
  });
});
