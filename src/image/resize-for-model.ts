import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ModelPixels, RgbImage } from '../base/image.js';
import { toModelPixels } from './to-model-pixels.js';

/** What a thread is asked; the pixels are in shared memory. It answers with the resized pixels. */
export interface ResizeRequest {
  readonly image: RgbImage;
  readonly side: number;
}

/** Smaller pictures (a megapixel takes about 20 ms) are resized at once: a thread would cost more. */
const MIN_PIXELS = 1_000_000;
/** More threads than these wait for the memory, not for each other. */
const MAX_THREADS = 4;

/** What was asked for about each picture, so that many prompts about one resize it once. */
const known = new WeakMap<RgbImage, Map<number, Promise<ModelPixels>>>();

/**
 * What toModelPixels gives, for large pictures made in a thread of its own; once for each picture and side, also
 * when it is asked for several times at once. Threads are started when they are needed and keep no process alive.
 *
 * @param side 224, 448 or 896 pixels.
 * @throws {InputError} the picture has no pixels.
 */
export async function resizeForModel(image: RgbImage, side: number): Promise<ModelPixels> {
  const bySide = known.get(image) ?? new Map<number, Promise<ModelPixels>>();
  known.set(image, bySide);
  const earlier = bySide.get(side);
  if (earlier !== undefined) return earlier;
  const isSmall = image.width * image.height < MIN_PIXELS;
  // A thread that dies takes no picture with it.
  const pixels = isSmall
    ? Promise.resolve().then(() => toModelPixels(image, side))
    : resizeInThread(image, side).catch(() => toModelPixels(image, side));
  bySide.set(side, pixels);
  return pixels;
}

interface Job extends ResizeRequest {
  readonly resolve: (pixels: ModelPixels) => void;
  readonly reject: (error: Error) => void;
}

const waiting: Job[] = [];
const idle = new Set<Worker>();
const busy = new Map<Worker, Job>();

function resizeInThread(image: RgbImage, side: number): Promise<ModelPixels> {
  return new Promise((resolve, reject) => {
    waiting.push({ image, side, resolve, reject });
    startJobs();
  });
}

function startJobs(): void {
  const limit = Math.min(availableParallelism(), MAX_THREADS);
  while (waiting.length > 0 && (idle.size > 0 || busy.size < limit)) {
    const [worker = startThread()] = idle;
    idle.delete(worker);
    const job = waiting.shift()!;
    busy.set(worker, job);
    const { width, height } = job.image;
    // A copy, not the picture itself: that may be asked about or drawn on meanwhile.
    const data = new Uint8Array(new SharedArrayBuffer(job.image.data.length));
    data.set(job.image.data);
    const request: ResizeRequest = { image: { width, height, data }, side: job.side };
    // While something is awaited, the thread keeps the process alive.
    worker.ref();
    worker.postMessage(request);
  }
}

function startThread(): Worker {
  const worker = new Worker(workerPath());
  const takeJob = (): Job | undefined => {
    const job = busy.get(worker);
    busy.delete(worker);
    return job;
  };
  const fail = (error: Error): void => {
    idle.delete(worker);
    takeJob()?.reject(error);
    startJobs();
  };
  worker.on('message', (data: Uint8Array) => {
    const job = takeJob();
    job?.resolve({ side: job.side, data });
    worker.unref();
    idle.add(worker);
    startJobs();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that resizes ended.')));
  return worker;
}

/** The built program; from TypeScript source too, where tests run, it is the one in dist/. */
function workerPath(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? '../../dist/src/image/resize-worker.js' : './resize-worker.js', import.meta.url);
}
