import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { connectQueue } from '../../../src/engine/queue/connect-queue.js';
import type { JobReport } from '../../../src/engine/queue/create-work.js';
import type { OpenQueue, QueueJob } from '../../../src/engine/queue/open-queue.js';
import { readQueueUrl } from '../../../src/engine/queue/queue-address.js';
import { createQueueEngine } from '../../../src/engine/queue/queue-engine.js';
import { runQueueWorker } from '../../../src/engine/queue/run-worker.js';
import { CancelledError, EngineError, UsageError } from '../../../src/base/errors.js';
import {
  drainQueue,
  readQueueStatus,
  retryFailed,
  setPaused,
} from '../../../src/engine/queue/control-queue.js';
import { jobId } from '../../../src/engine/queue/job-contract.js';
import { FakeEngine, type FakeAnswer } from '../../support/fake-engine.js';
import {
  postgresMissing,
  redisMissing,
  startPostgres,
  startRedis,
  type QueueServer,
} from '../../support/queue-servers.js';

const SIDE = 28;

function ask(value: number, prompt = 'caption en'): EngineRequest {
  return {
    images: [{ side: SIDE, data: new Uint8Array(SIDE * SIDE * 3).fill(value) }],
    prompt,
    maxTokens: 100,
    sampling: { temperature: 0, topP: 1, seed: 0 },
    alternatives: 0,
  };
}

async function tell(engine: Engine, request: EngineRequest, signal?: AbortSignal): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of engine.ask(request, signal)) events.push(event);
  return events;
}

async function answerOf(engine: Engine, request: EngineRequest): Promise<string> {
  const events = await tell(engine, request);
  expect(events[0]).toMatchObject({ type: 'start', promptTokens: 9 });
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error('No end.');
  expect(events.slice(1, -1)).toEqual(done.tokens.map((token) => ({ type: 'token', token })));
  return done.raw;
}

interface TestWorker {
  readonly engine: FakeEngine;
  readonly jobs: JobReport[];
  /** As on SIGTERM. @throws what ended it. */
  readonly end: () => Promise<void>;
  /** Rejects when it ends by itself. */
  readonly running: Promise<void>;
}

const servers = [
  { kind: 'Redis', missing: redisMissing, start: () => startRedis('--appendonly', 'yes') },
  { kind: 'PostgreSQL', missing: postgresMissing, start: startPostgres },
] as const;

describe.each(servers)('a queue on $kind', ({ missing, start }) => {
  if (missing !== undefined) {
    it.skip(missing, () => undefined);
    return;
  }
  let server: QueueServer;
  const opened: OpenQueue[] = [];
  const engines: Engine[] = [];
  let count = 0;

  beforeAll(async () => {
    server = await start();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await Promise.all(opened.map((queue) => queue.close()));
    await server.stop();
  });

  const nextName = (): string => `test-${++count}`;
  const connect = async (name: string): Promise<OpenQueue> => {
    const queue = await connectQueue(readQueueUrl(server.url, name), { onNote: () => undefined });
    opened.push(queue);
    return queue;
  };
  const startWorker = async (
    name: string,
    answer: FakeAnswer,
    {
      digest = 'd'.repeat(64),
      model = 'fake',
      concurrency = 4,
      stalledMs = 200,
      lockMs = 1000,
      device = 'cpu',
    } = {},
  ): Promise<TestWorker> => {
    const engine = new FakeEngine(answer);
    Object.assign(engine, { info: { ...engine.info, device } });
    const ending = new AbortController();
    const jobs: JobReport[] = [];
    const queue = await connect(name);
    let onReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => (onReady = resolve));
    const running = runQueueWorker(
      {
        ...{ queue, engine, digest, concurrency, onReady, stalledMs, lockMs },
        modelName: model,
        onJob: (job) => jobs.push(job),
      },
      ending.signal,
    );
    running.catch(() => undefined);
    await Promise.race([ready, running]);
    const end = async (): Promise<void> => {
      ending.abort();
      await running;
    };
    return { engine, jobs, end, running };
  };
  const open = (
    name: string,
    notes: string[] = [],
    options: { dtype?: 'int8'; noWorkerMs?: number } = {},
  ): Engine => {
    const { dtype, ...patience } = options;
    const engine = createQueueEngine({
      open: () => connect(name),
      model: { name: 'fake', dtype },
      maxJobs: 16,
      onNote: (note) => notes.push(note),
      patience: { backoffMs: 20, lookMs: 300, ...patience },
    });
    engines.push(engine);
    return engine;
  };
  const echo: FakeAnswer = ({ images, prompt }) => `${prompt} of ${images[0].data[0]}`;

  it('gives every question to one of the workers, and each its own answer', async () => {
    const name = nextName();
    const workers = [await startWorker(name, echo), await startWorker(name, echo, { device: 'webgpu' })];
    const engine = open(name);
    expect(await engine.load()).toMatchObject({ model: 'fake', dtype: 'fp32', imageSize: SIDE });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => answerOf(engine, ask(i))));
    expect(answers).toEqual(Array.from({ length: 40 }, (_, i) => `caption en of ${i}`));
    const asked = workers.map((worker) => worker.engine.requests.length);
    expect(asked[0] + asked[1]).toBe(40);
    expect(Math.min(...asked)).toBeGreaterThan(0);
    // Asked again they are answered at once, and name the device of the worker that answered.
    const ends = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await tell(engine, ask(i))).at(-1)!),
    );
    const devices = ends.map((end) => (end.type === 'done' ? end.device : undefined));
    expect(devices.filter((device) => device === 'cpu')).toHaveLength(asked[0]);
    expect(devices.filter((device) => device === 'webgpu')).toHaveLength(asked[1]);
    await expect.poll(() => engine.describeWork?.()).toBe('0 waiting · 2 workers');
    const masks = await engine.decodeMasks([[...Array<number>(16).keys()]]);
    expect(masks).toEqual(await workers[0].engine.decodeMasks([[1]]));
    await Promise.all(workers.map((worker) => worker.end()));
  });

  it('asks nothing twice: neither at the same time nor later, from one program or another', async () => {
    const name = nextName();
    const worker = await startWorker(name, echo);
    const [first, second] = [open(name), open(name)];
    const request = ask(1);
    const draft = { ...request, draft: [1, 2] };
    const answers = [answerOf(first, request), answerOf(first, draft), answerOf(second, request)];
    expect(await Promise.all(answers)).toEqual(Array<string>(3).fill('caption en of 1'));
    expect(await answerOf(open(name), request)).toBe('caption en of 1');
    expect(worker.engine.requests).toHaveLength(1);
    // Another question, and another picture.
    await answerOf(first, ask(1, 'ocr'));
    await answerOf(first, ask(2));
    expect(worker.engine.requests).toHaveLength(3);
    await worker.end();
  });

  it('gives jobs to workers with the very same model only', async () => {
    const name = nextName();
    const other = await startWorker(name, echo, { digest: 'e'.repeat(64), model: 'another' });
    const notes: string[] = [];
    const engine = open(name, notes);
    const answer = answerOf(engine, ask(1));
    await expect
      .poll(() => notes[0])
      .toContain('has the model fake (they have another fp32). It is waited for, ');
    expect(notes[0]).not.toContain('e@n');
    const worker = await startWorker(name, echo);
    expect(await answer).toBe('caption en of 1');
    expect([other, worker].map(({ engine: asked }) => asked.requests.length)).toEqual([0, 1]);
    await expect(open(name, [], { dtype: 'int8', noWorkerMs: 10 }).load()).rejects.toMatchObject({
      code: 'QUEUE_NO_WORKER',
      hint: expect.stringContaining('pali worker --queue URL --model fake --dtype int8') as string,
    });
    await Promise.all([other.end(), worker.end()]);
  });

  it('gives a request that is wrong back at once, as the error that it is', async () => {
    const name = nextName();
    const worker = await startWorker(name, () => {
      throw new UsageError('PROMPT_LONG', 'The prompt is too long.', { hint: 'Shorten it.' });
    });
    const error: unknown = await tell(open(name), ask(1)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ code: 'PROMPT_LONG', hint: 'Shorten it.' });
    expect(worker.engine.requests).toHaveLength(1);
    await worker.end();
  });

  it('tries what fails three times, puts it on the dead list, and goes on with the others', async () => {
    const name = nextName();
    let isBad = true;
    const worker = await startWorker(name, (request) => {
      if (isBad && request.images[0].data[0] === 7) throw new EngineError('ENGINE_DIED', 'The engine died.');
      return echo(request, 0);
    });
    const engine = open(name);
    const outcomes = await Promise.allSettled([6, 7, 8].map((value) => tell(engine, ask(value))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const asked = (value: number): number =>
      worker.engine.requests.filter(({ images }) => images[0].data[0] === value).length;
    expect(asked(7)).toBe(3);
    // Asked again it is not tried again: it may be what killed the workers.
    await expect(tell(open(name), ask(7))).rejects.toMatchObject({
      code: 'ENGINE_DIED',
      message: 'A worker failed: The engine died.',
      hint: expect.stringContaining('pali queue retry-failed') as string,
    });
    expect(asked(7)).toBe(3);
    const control = await connect(name);
    const [status] = await readQueueStatus(control);
    expect(status).toMatchObject({ name: 'fake', failed: 1, waiting: 0, workers: [{ concurrency: 4 }] });
    expect(status.failures).toMatchObject([
      { prompt: 'caption en', reason: 'ENGINE_DIED: The engine died.' },
    ]);
    isBad = false;
    expect(await retryFailed(control)).toEqual({ retried: 1, forgotten: 0 });
    expect(await answerOf(engine, ask(7))).toBe('caption en of 7');
    expect(asked(7)).toBe(4);
    await worker.end();
  });

  it('gives the jobs of a worker that dies to another one, which does each by itself', async () => {
    const name = nextName();
    const digest = 'd'.repeat(64);
    // One that takes jobs, and is gone without a word.
    const gone = await connect(name);
    const taken: string[] = [];
    await gone.store.announce(
      {
        ...{ id: 'x', host: 'h', pid: 1, version: '1', digest, device: 'cpu' as const, concurrency: 2 },
        ...{ startedAt: '', answered: 0, failed: 0 },
      },
      { digest, name: 'fake', dtype: 'fp32', imageSize: SIDE },
    );
    const takeForever = (job: QueueJob): Promise<string> => {
      taken.push(job.id!);
      return new Promise<string>(() => undefined);
    };
    gone.workerOf(digest, takeForever, { concurrency: 2, lockDuration: 300, skipStalledCheck: true });
    const engine = open(name);
    const answers = Promise.all([1, 2].map((value) => answerOf(engine, ask(value))));
    await expect.poll(() => taken.length, { timeout: 10_000 }).toBe(2);
    await gone.close();
    const worker = await startWorker(name, async (request) => {
      await new Promise((later) => setTimeout(later, 20));
      return echo(request, 0);
    });
    expect(await answers).toEqual(['caption en of 1', 'caption en of 2']);
    expect(worker.engine.mostActive).toBe(1);
    await worker.end();
  }, 30_000);

  it('gives up on a picture that three workers have died of', async () => {
    const name = nextName();
    const digest = 'd'.repeat(64);
    const worker = await startWorker(name, echo);
    await worker.end();
    const engine = open(name);
    const outcome = tell(engine, ask(1)).catch((error: unknown) => error);
    for (let i = 1; i <= 3; i++) {
      const dying = await connect(name);
      let take = (): void => undefined;
      const taken = new Promise<void>((resolve) => (take = resolve));
      const work = (): Promise<string> => {
        take();
        return new Promise<string>(() => undefined);
      };
      dying.workerOf(digest, work, { lockDuration: 300, stalledInterval: 100, maxStalledCount: 2 });
      await taken;
      await dying.close();
    }
    const other = await startWorker(name, echo);
    expect(await outcome).toMatchObject({
      code: 'QUEUE_WORKERS_DIED',
      message: '3 workers died while they worked on this.',
      hint: expect.stringContaining('pali queue retry-failed') as string,
    });
    expect(await answerOf(engine, ask(2))).toBe('caption en of 2');
    // Even that can be tried again.
    const control = await connect(name);
    expect((await readQueueStatus(control))[0].failures).toMatchObject([
      { reason: '3 workers died while they worked on it' },
    ]);
    expect(await retryFailed(control)).toEqual({ retried: 1, forgotten: 0 });
    expect(await answerOf(engine, ask(1))).toBe('caption en of 1');
    await other.end();
  }, 30_000);

  it('goes on when the server is killed and started again', async () => {
    const name = nextName();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const worker = await startWorker(name, async (request) => {
      await held;
      return echo(request, 0);
    });
    const engine = open(name);
    const answers = Promise.all(Array.from({ length: 12 }, (_, i) => answerOf(engine, ask(i))));
    await expect.poll(() => worker.engine.requests.length).toBe(4);
    await server.restart();
    release();
    expect(await answers).toEqual(Array.from({ length: 12 }, (_, i) => `caption en of ${i}`));
    await worker.end();
  }, 60_000);

  it('sends pixels again that have expired', async () => {
    const name = nextName();
    const digest = 'd'.repeat(64);
    const worker = await startWorker(name, echo);
    const control = await connect(name);
    await setPaused(control, true);
    const engine = open(name);
    const answer = answerOf(engine, ask(5));
    const id = jobId(digest, ask(5));
    await expect.poll(async () => (await control.queueOf(digest).getJob(id)) !== undefined).toBe(true);
    expect(await control.store.hasBytes(id)).toBe(true);
    await control.store.dropBytes(id);
    await setPaused(control, false);
    expect(await answer).toBe('caption en of 5');
    // Pixels do not stay once they are of no use.
    await expect.poll(() => control.store.hasBytes(id)).toBe(false);
    expect(worker.jobs.map(({ error }) => error)).toEqual(['The pixels of the job have expired.', undefined]);
    await worker.end();
  });

  it('refuses a job of another version, and what is none', async () => {
    const name = nextName();
    const worker = await startWorker(name, echo);
    const jobs = (await connect(name)).queueOf('d'.repeat(64));
    await jobs.add('ask', { contract: 99, version: '9.9.9', anything: true }, { jobId: 'a1', attempts: 3 });
    await jobs.add('ask', { some: 'thing' }, { jobId: 'a2', attempts: 3 });
    await expect
      .poll(() => worker.jobs.map(({ error }) => error).sort())
      .toEqual([
        expect.stringMatching(/^The job is not one of pali's: /) as string,
        expect.stringMatching(/^The job is of pali 9.9.9, and the worker is pali /) as string,
      ]);
    await expect.poll(() => jobs.getFailedCount()).toBe(2);
    await worker.end();
  });

  it('takes a job back that nobody waits for any more, and forgets all on request', async () => {
    const name = nextName();
    const worker = await startWorker(name, echo);
    const control = await connect(name);
    expect(await setPaused(control, true)).toBe(1);
    const notes: string[] = [];
    const engine = open(name, notes);
    const leaving = new AbortController();
    const left = tell(engine, ask(1), leaving.signal);
    const kept = answerOf(engine, ask(2));
    const waiting = async (): Promise<number> => (await readQueueStatus(control))[0].waiting;
    await expect.poll(waiting).toBe(2);
    expect((await readQueueStatus(control))[0].isPaused).toBe(true);
    expect(notes).toEqual([expect.stringContaining('paused') as string]);
    leaving.abort();
    await expect(left).rejects.toBeInstanceOf(CancelledError);
    await expect.poll(waiting).toBe(1);
    expect(await drainQueue(control)).toBe(1);
    // The one who still waits asks again.
    await expect.poll(waiting, { timeout: 5000 }).toBe(1);
    await setPaused(control, false);
    expect(await kept).toBe('caption en of 2');
    const ended = tell(engine, ask(3));
    ended.catch(() => undefined);
    await engine.close();
    await expect(ended).rejects.toBeInstanceOf(CancelledError);
    await worker.end();
  });

  it('lets a worker end that cannot load its model any more, and gives its jobs to another', async () => {
    const name = nextName();
    const bad = await startWorker(name, () => {
      throw new EngineError('ENGINE_DIED', 'The engine died.');
    });
    bad.engine.load = () => Promise.reject(new EngineError('MODEL_UNUSABLE', 'No device could run it.'));
    const answer = answerOf(open(name), ask(1));
    await expect(bad.running).rejects.toMatchObject({ code: 'MODEL_UNUSABLE' });
    const worker = await startWorker(name, echo);
    expect(await answer).toBe('caption en of 1');
    await worker.end();
  });

  it('finishes what is under way when a worker is told to end', async () => {
    const name = nextName();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const worker = await startWorker(name, async (request) => {
      await held;
      return echo(request, 0);
    });
    const answer = answerOf(open(name), ask(1));
    await expect.poll(() => worker.engine.requests.length).toBe(1);
    const ended = worker.end();
    release();
    await ended;
    expect(await answer).toBe('caption en of 1');
    expect(worker.engine.isClosed).toBe(true);
    expect(await (await connect(name)).store.listWorkers()).toEqual([]);
  });
});

describe('a Redis with little memory', () => {
  it.skipIf(redisMissing)(
    'holds as many pictures as it has room for, and the others wait',
    async () => {
      const server = await startRedis('--maxmemory', '16mb', '--maxmemory-policy', 'noeviction');
      const open = async (): Promise<OpenQueue> =>
        connectQueue(readQueueUrl(server.url), { onNote: () => undefined });
      const digest = 'd'.repeat(64);
      const ending = new AbortController();
      const worker = new FakeEngine(async ({ images }) => {
        await new Promise((later) => setTimeout(later, 5));
        return `a ${images[0].data[0]}`;
      });
      const queue = await open();
      const running = runQueueWorker(
        {
          queue,
          engine: worker,
          digest,
          modelName: 'fake',
          concurrency: 2,
          onReady: () => undefined,
          onJob: () => undefined,
        },
        ending.signal,
      );
      const engine = createQueueEngine({
        open,
        model: { name: 'fake' },
        maxJobs: 64,
        onNote: () => undefined,
        patience: { noRoomMs: 300 },
      });
      // 64 of these are 38 MB.
      const big = (value: number): EngineRequest => ({
        ...ask(value),
        images: [{ side: 448, data: new Uint8Array(448 * 448 * 3).fill(value) }],
      });
      const answers = await Promise.all(Array.from({ length: 64 }, (_, i) => answerOf(engine, big(i))));
      expect(answers).toEqual(Array.from({ length: 64 }, (_, i) => `a ${i}`));
      // Too little for a single one.
      const huge = { ...ask(1), images: [{ side: 2048, data: new Uint8Array(2048 * 2048 * 3) }] };
      await expect(tell(engine, huge)).rejects.toMatchObject({
        code: 'QUEUE_FULL',
        hint: expect.stringContaining('maxmemory') as string,
      });
      ending.abort();
      await running;
      await Promise.all([engine.close(), queue.close()]);
      await server.stop();
    },
    60_000,
  );
});
