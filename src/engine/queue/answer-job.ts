import type { Device } from '../../base/dtype.js';
import { EngineError, PaliError, CancelledError } from '../../base/errors.js';
import { packageVersion } from '../../base/package-folder.js';
import type { Engine, EngineEvent } from '../engine.js';
import { packError } from '../wire-error.js';
import { packAnswer, readJob, splitPixels, type JobAnswer, type JobContent } from './job-contract.js';
import { JobFailure, pixelsGone } from './job-failure.js';
import type { QueueJob } from './open-queue.js';
import type { QueueStore } from './queue-store.js';

/** How long masks stay in the store for the one who asked, milliseconds. */
const MASKS_MS = 3600 * 1000;

/** What a job is answered with, and what a log says about it. */
export interface AnsweredJob {
  readonly text: string;
  readonly prompt?: string;
  readonly tokens?: number;
  /** Why the request was refused. */
  readonly error?: string;
}

/** What answers jobs. */
export interface Answerer {
  readonly engine: Engine;
  readonly store: QueueStore;
  /** Of the engine's model. */
  readonly digest: string;
}

/**
 * Answer a job.
 * @throws {JobFailure} nobody can answer it. {EngineError} the engine failed. {CancelledError} it was closed.
 */
export async function answerJob(
  { data, id = '' }: Pick<QueueJob, 'data' | 'id'>,
  { engine, store, digest }: Answerer,
): Promise<AnsweredJob> {
  const content = readContent(data, digest);
  if (content.kind === 'masks') {
    const masks = await engine.decodeMasks(content.codes);
    const bytes = Buffer.concat(
      masks.map((one) => new Uint8Array(one.buffer, one.byteOffset, one.byteLength)),
    );
    await store.putBytes(id, bytes, MASKS_MS);
    return { text: packAnswer({ kind: 'masks' }) };
  }
  const { request, sides } = content;
  const bytes = await store.getBytes(id);
  const images = bytes && splitPixels(bytes, sides);
  if (images === undefined) throw new JobFailure(pixelsGone(), true);
  const { prompt } = request;
  try {
    const { device } = await engine.load();
    const answer = await collect(engine.ask({ ...request, images }), device);
    return { text: packAnswer(answer.answer), prompt, tokens: answer.tokens };
  } catch (error) {
    const isRequests =
      error instanceof PaliError && !(error instanceof EngineError) && !(error instanceof CancelledError);
    if (!isRequests) throw error;
    return { text: packAnswer({ kind: 'refused', error: packError(error) }), prompt, error: error.message };
  }
}

function readContent(data: unknown, digest: string): JobContent {
  try {
    const content = readJob(data, packageVersion());
    if (content.digest === digest) return content;
  } catch (error) {
    throw new JobFailure(error, true);
  }
  const message = 'The job is for another model than the one that the worker has.';
  throw new JobFailure(new EngineError('QUEUE_MODEL', message), true);
}

/** The beginning and the end of an answer: the end has all the tokens, and names the device. */
async function collect(
  events: AsyncIterable<EngineEvent>,
  device: Device,
): Promise<{ answer: JobAnswer; tokens: number }> {
  const kept: EngineEvent[] = [];
  let tokens = 0;
  for await (const event of events) {
    if (event.type === 'token') continue;
    kept.push(event.type === 'done' ? { device, ...event } : event);
    if (event.type === 'done') tokens = event.tokens.length;
  }
  return { answer: { kind: 'answer', events: kept as never }, tokens };
}
