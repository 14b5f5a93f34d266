import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineEvent, EngineRequest } from '../../../src/engine/engine.js';
import { connectQueue } from '../../../src/engine/queue/connect-queue.js';
import type { JobReport } from '../../../src/engine/queue/create-work.js';
import type { OpenQueue } from '../../../src/engine/queue/open-queue.js';
import { readQueueUrl } from '../../../src/engine/queue/queue-address.js';
import { createQueueEngine } from '../../../src/engine/queue/queue-engine.js';
import { runQueueWorker } from '../../../src/engine/queue/run-worker.js';
import { EngineError, UsageError } from '../../../src/base/errors.js';
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

async function answerOf(engine: Engine, request: EngineRequest, signal?: AbortSignal): Promise<string> {
  const events: EngineEvent[] = [];
  for await (const event of engine.ask(request, signal)) events.push(event);
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
  { kind: 'Redis', missing: redisMissing, start: startRedis },
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
    { digest = 'd'.repeat(64), model = 'fake', concurrency = 4, stalledMs = 200, lockMs = 1000 } = {},
  ): Promise<TestWorker> => {
    const engine = new FakeEngine(answer);
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
    const { dtype, noWorkerMs } = options;
    const engine = createQueueEngine({
      open: () => connect(name),
      model: { name: 'fake', dtype },
      maxJobs: 16,
      onNote: (note) => notes.push(note),
      ...(noWorkerMs !== undefined && { noWorkerMs }),
    });
    engines.push(engine);
    return engine;
  };
  const echo: FakeAnswer = ({ images, prompt }) => `${prompt} of ${images[0].data[0]}`;

  it('gives every question to one of the workers, and each its own answer', async () => {
    const name = nextName();
    const workers = [await startWorker(name, echo), await startWorker(name, echo)];
    const engine = open(name);
    expect(await engine.load()).toMatchObject({ model: 'fake', dtype: 'fp32', imageSize: SIDE });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => answerOf(engine, ask(i))));
    expect(answers).toEqual(Array.from({ length: 40 }, (_, i) => `caption en of ${i}`));
    const asked = workers.map((worker) => worker.engine.requests.length);
    expect(asked[0] + asked[1]).toBe(40);
    expect(Math.min(...asked)).toBeGreaterThan(0);
    await expect.poll(() => engine.describeWork?.()).toBe('0 waiting · 2 workers');
    const masks = await engine.decodeMasks([[...Array<number>(16).keys()]]);
    expect(masks).toEqual(await workers[0].engine.decodeMasks([[1]]));
    await Promise.all(workers.map((worker) => worker.end()));
  });
});
