// A worker of a queue whose model only waits: PALI_BENCH_MODEL_MS a picture, one after the other. It answers with the
// colour of the first pixel, so that answers can be told apart.
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine, EngineEvent, EngineInfo, EngineRequest } from '../../src/engine/engine.js';
import { connectQueue } from '../../src/engine/queue/connect-queue.js';
import { readQueueUrl } from '../../src/engine/queue/queue-address.js';
import { runQueueWorker } from '../../src/engine/queue/run-worker.js';

const IMAGE_SIDE = 448;
/** One that is answered, and the next, whose pixels are on their way. */
const CONCURRENCY = 2;
const MODEL = 'waits';

const modelMs = Number(process.env['PALI_BENCH_MODEL_MS']);
const ending = new AbortController();
process.on('SIGTERM', () => ending.abort());
const queue = await connectQueue(readQueueUrl(process.env['PALI_QUEUE_URL']!), { onNote: () => undefined });

class WaitingEngine implements Engine {
  #last: Promise<unknown> = Promise.resolve();

  async load(): Promise<EngineInfo> {
    return { model: MODEL, dtype: 'fp32', device: 'cpu', imageSize: IMAGE_SIDE, notes: [], loadMs: 0 };
  }

  async findImageSize(): Promise<number> {
    return IMAGE_SIDE;
  }

  async *ask({ images: [image] }: EngineRequest): AsyncGenerator<EngineEvent> {
    const turn = this.#last.then(() => wait(modelMs));
    this.#last = turn;
    await turn;
    const raw = `colour ${image.data.subarray(0, 3).join(' ')}`;
    const tokens = raw.split(/(?= )/).map((text, id) => ({ id, text, logprob: -0.1, top: [] }));
    yield { type: 'start', promptTokens: 4, visionMs: 0, prefillMs: 0 };
    const timings = { visionMs: 0, prefillMs: 0, generateMs: modelMs };
    yield { type: 'done', stop: 'eos', raw, tokens, timings };
  }

  async decodeMasks(): Promise<Float32Array[]> {
    return [];
  }

  async close(): Promise<void> {
    return;
  }
}

await runQueueWorker(
  {
    queue,
    engine: new WaitingEngine(),
    digest: 'b'.repeat(64),
    modelName: MODEL,
    concurrency: CONCURRENCY,
    onReady: () => process.send?.('ready'),
    onJob: () => undefined,
  },
  ending.signal,
);
await queue.close();
process.exit(0);
