import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CancelledError, NetworkError } from '../../base/errors.js';
import { Semaphore } from '../../base/semaphore.js';
import type { Engine, EngineEvent, EngineInfo, EngineRequest } from '../engine.js';
import { MASK_VALUES } from '../messages.js';
import { unpackError } from '../wire-error.js';
import { chooseQueueModel, type ModelOffer, type WantedQueueModel } from './choose-model.js';
import { jobId, joinPixels, readAnswer, type JobAnswer } from './job-contract.js';
import { JobTracker, type TrackerPatience } from './job-tracker.js';
import type { OpenQueue } from './open-queue.js';

/** Between two looks at who works, milliseconds. */
const LOOK_MS = 1000;
/** Workers may start after the first who asks, milliseconds; a note says at once that one waits. */
const NO_WORKER_MS = 10 * 60 * 1000;
/** What the progress line says may be this old, milliseconds. */
const STATUS_MS = 2000;

/** Which model is asked on which queue. */
export interface QueueEngineOptions {
  /** Called once, when the engine is first used; it closes what this gives. */
  readonly open: () => Promise<OpenQueue>;
  readonly model: WantedQueueModel;
  /** Jobs that are in the queue at the same time. */
  readonly maxJobs: number;
  readonly onNote: (sentence: string) => void;
  /** How patient it is, milliseconds; tests are less so. */
  readonly patience?: TrackerPatience & { readonly noWorkerMs?: number };
}

interface Asking {
  readonly queue: OpenQueue;
  readonly tracker: JobTracker;
  readonly digest: string;
  readonly info: EngineInfo;
}

/** The model of the workers on a queue: each request is a job, and whoever has that model answers it. */
export function createQueueEngine(options: QueueEngineOptions): Engine {
  return new QueueEngine(options);
}

class QueueEngine implements Engine {
  readonly #options: QueueEngineOptions;
  readonly #turns: Semaphore;
  #opened: Promise<OpenQueue> | undefined;
  #asking: Promise<Asking> | undefined;
  #tracker: JobTracker | undefined;
  #status: { readonly text: string; readonly at: number } | undefined;
  readonly #closed = new AbortController();

  constructor(options: QueueEngineOptions) {
    this.#options = options;
    this.#turns = new Semaphore(options.maxJobs);
  }

  async load(): Promise<EngineInfo> {
    return (await this.#start()).info;
  }

  async findImageSize(): Promise<number> {
    return (await this.load()).imageSize;
  }

  async *ask(request: EngineRequest, signal?: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    const { tracker, digest } = await this.#start();
    const release = await this.#turns.acquire();
    try {
      const { images, ...fields } = request;
      const content = {
        kind: 'ask',
        digest,
        request: fields,
        sides: images.map(({ side }) => side),
      } as const;
      const job = { id: jobId(digest, request), content, bytes: joinPixels(request) };
      const answer = readAnswer(await tracker.run(job, signal));
      yield* tellAnswer(answer);
    } finally {
      release();
    }
  }

  async decodeMasks(codes: readonly (readonly number[])[]): Promise<Float32Array[]> {
    if (codes.length === 0) return [];
    const { tracker, digest, queue } = await this.#start();
    const id = `m${randomUUID()}`;
    const content = { kind: 'masks', digest, codes } as const;
    for (;;) {
      const answer = readAnswer(await tracker.run({ id, content }));
      if (answer.kind === 'refused') throw unpackError(answer.error);
      const bytes = await queue.store.getBytes(id);
      if (bytes?.length !== codes.length * MASK_VALUES * 4) continue;
      await queue.store.dropBytes(id);
      // A copy: floats must lie at a multiple of four.
      const values = new Float32Array(Uint8Array.from(bytes).buffer);
      return codes.map((_, i) => values.slice(i * MASK_VALUES, (i + 1) * MASK_VALUES));
    }
  }

  /** Who works, for the progress line; undefined as long as nobody knows. */
  describeWork(): string | undefined {
    const now = performance.now();
    if (this.#status === undefined || now - this.#status.at > STATUS_MS) {
      this.#status = { text: this.#status?.text ?? '', at: now };
      void this.#readStatus().catch(() => undefined);
    }
    return this.#status.text === '' ? undefined : this.#status.text;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#tracker?.close();
    const queue = await this.#opened?.catch(() => undefined);
    await queue?.close();
  }

  #start(): Promise<Asking> {
    this.#asking ??= this.#findModel();
    this.#asking.catch(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #findModel(): Promise<Asking> {
    const startedAt = performance.now();
    if (this.#closed.signal.aborted) throw new CancelledError('The engine was closed.');
    this.#opened ??= this.#options.open();
    this.#opened.catch(() => (this.#opened = undefined));
    const queue = await this.#opened;
    const { model, workers } = await this.#awaitModel(queue);
    const tracker = (this.#tracker = new JobTracker(queue, model.digest, this.#options.patience));
    if (await tracker.isPaused()) {
      this.#options.onNote('The queue is paused: nothing is answered until pali queue resume.');
    }
    const count = workers.length === 1 ? '1 worker has' : `${workers.length} workers have`;
    return {
      queue,
      tracker,
      digest: model.digest,
      info: {
        model: model.name,
        dtype: model.dtype,
        device: workers[0]?.device ?? 'cpu',
        imageSize: model.imageSize,
        notes: [`Asking the queue ${queue.address.shown}; ${count} the model.`],
        loadMs: performance.now() - startedAt,
      },
    };
  }

  async #awaitModel(queue: OpenQueue): Promise<ModelOffer & { model: NonNullable<ModelOffer['model']> }> {
    const { model: wanted, onNote, patience } = this.#options;
    const { noWorkerMs = NO_WORKER_MS } = patience ?? {};
    const startedAt = performance.now();
    let isTold = false;
    for (;;) {
      if (this.#closed.signal.aborted) throw new CancelledError('The engine was closed.');
      const { store } = queue;
      const offer = chooseQueueModel(wanted, await store.listModels(), await store.listWorkers());
      const { model, workers } = offer;
      if (!isTold && workers.length === 0) {
        const limit = `${Math.ceil(noWorkerMs / 60_000)} minutes`;
        onNote(`${describeLack(queue, wanted, offer)} It is waited for, ${limit} at most.`);
      }
      isTold = true;
      if (model !== undefined) return { ...offer, model };
      if (performance.now() - startedAt > noWorkerMs) {
        throw new NetworkError('QUEUE_NO_WORKER', describeLack(queue, wanted, offer), {
          hint: describeStart(wanted),
        });
      }
      await wait(LOOK_MS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  async #readStatus(): Promise<void> {
    const { queue, tracker, digest } = await this.#start();
    const waiting = await tracker.countWaiting();
    const workers = (await queue.store.listWorkers()).filter((worker) => worker.digest === digest).length;
    this.#status = {
      text: `${waiting} waiting · ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
      at: performance.now(),
    };
  }
}

function* tellAnswer(answer: JobAnswer): Generator<EngineEvent> {
  if (answer.kind === 'refused') throw unpackError(answer.error);
  if (answer.kind === 'masks') return;
  for (const event of answer.events) {
    // Tokens travel once, in the end of the answer.
    if (event.type === 'done') yield* event.tokens.map((token) => ({ type: 'token', token }) as const);
    yield event;
  }
}

function describeLack(
  { address }: OpenQueue,
  { name, dtype }: WantedQueueModel,
  { others }: ModelOffer,
): string {
  const wanted = dtype === undefined ? name : `${name} ${dtype}`;
  const there = [...new Set(others.map((one) => `${one.name} ${one.dtype}`))].join(', ');
  const rest = there === '' ? '' : ` (they have ${there})`;
  return `No worker of the queue ${address.shown} has the model ${wanted}${rest}.`;
}

function describeStart({ name, dtype }: WantedQueueModel): string {
  return `Start one: pali worker --queue URL --model ${name}${dtype === undefined ? '' : ` --dtype ${dtype}`}`;
}
