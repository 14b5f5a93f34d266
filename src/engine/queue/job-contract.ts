import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { describeIssue } from '../../base/describe-issue.js';
import { EngineError } from '../../base/errors.js';
import type { EngineRequest } from '../engine.js';
import { codesSchema, eventSchema, MAX_IMAGES, MAX_SIDE, requestFieldsSchema } from '../messages.js';
import { wireErrorSchema } from '../wire-error.js';

/** Raised when jobs or their answers change; a worker refuses jobs of every other number. */
const JOB_CONTRACT = 1;

const CHANNELS = 3;
/** An answer of 8192 tokens with 20 alternatives each is far below this, bytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

const sideSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_SIDE));
const headSchema = v.object({ contract: v.number(), version: v.string() });
const jobSchema = v.variant('kind', [
  /** Its pixels lie in the store, under the id of the job. */
  v.object({
    kind: v.literal('ask'),
    digest: v.string(),
    request: requestFieldsSchema,
    sides: v.pipe(v.array(sideSchema), v.minLength(1), v.maxLength(MAX_IMAGES)),
  }),
  /** The masks go into the store, under the id of the job. */
  v.object({ kind: v.literal('masks'), digest: v.string(), codes: codesSchema }),
]);
/** A job that was read. */
export type JobContent = v.InferOutput<typeof jobSchema>;
/** A job to be written. */
export type JobQuestion =
  | {
      readonly kind: 'ask';
      readonly digest: string;
      readonly request: Omit<EngineRequest, 'images'>;
      readonly sides: readonly number[];
    }
  | { readonly kind: 'masks'; readonly digest: string; readonly codes: readonly (readonly number[])[] };

const answerSchema = v.variant('kind', [
  v.object({ kind: v.literal('answer'), events: v.array(eventSchema) }),
  v.object({ kind: v.literal('masks') }),
  /** The request itself is wrong: no other worker would answer it. */
  v.object({ kind: v.literal('refused'), error: wireErrorSchema }),
]);
/** What a worker gives for a job. */
export type JobAnswer = v.InferOutput<typeof answerSchema>;

/**
 * The same for the same question about the same pixels to the same model, whoever asks: a second asking finds the
 * first. A draft changes the time only, and is left out.
 */
export function jobId(digest: string, { images, draft: _, ...request }: EngineRequest): string {
  const hash = createHash('sha256');
  const fields = Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify([JOB_CONTRACT, digest, fields, images.map(({ side }) => side)]));
  for (const { data } of images) hash.update(data);
  // A job's id must not be a number.
  return `a${hash.digest('hex').slice(0, 40)}`;
}

/** All the pixels of a request in one piece. */
export function joinPixels({ images }: Pick<EngineRequest, 'images'>): Uint8Array {
  return images.length === 1 ? images[0].data : Buffer.concat(images.map(({ data }) => data));
}

/** Undo joinPixels; undefined where the pixels are not as many as the sides say. */
export function splitPixels(
  bytes: Uint8Array,
  sides: readonly number[],
): EngineRequest['images'] | undefined {
  let at = 0;
  const images = sides.map((side) => {
    const data = bytes.subarray(at, at + side * side * CHANNELS);
    at += side * side * CHANNELS;
    return { side, data };
  });
  return at === bytes.length ? images : undefined;
}

/** What a job carries, for BullMQ. */
export function packJob(content: JobQuestion, version: string): unknown {
  return { contract: JOB_CONTRACT, version, ...content };
}

/** @throws {EngineError} the job is another version's, or not ours. */
export function readJob(data: unknown, version: string): JobContent {
  const head = v.safeParse(headSchema, data);
  if (head.success && head.output.contract !== JOB_CONTRACT) {
    throw new EngineError(
      'QUEUE_JOB_VERSION',
      `The job is of pali ${head.output.version.slice(0, 40)}, and the worker is pali ${version}: they do not understand each other.`,
      { hint: 'Install the same version on both sides.' },
    );
  }
  const parsed = v.safeParse(jobSchema, data);
  if (head.success && parsed.success) return parsed.output;
  const [issue] = (parsed.issues ?? head.issues)!;
  throw new EngineError('QUEUE_PROTOCOL', `The job is not one of pali's: ${describeIssue(issue)}.`);
}

/** An answer as text, deflated: Redis keeps it, and repeats it in an event. */
export function packAnswer(answer: JobAnswer): string {
  return deflateRawSync(JSON.stringify(answer)).toString('base64');
}

/** @throws {EngineError} it is not an answer. */
export function readAnswer(text: unknown): JobAnswer {
  let value: unknown;
  try {
    const bytes = Buffer.from(String(text), 'base64');
    value = JSON.parse(inflateRawSync(bytes, { maxOutputLength: MAX_ANSWER_BYTES }).toString('utf8'));
  } catch {
    value = undefined;
  }
  const parsed = v.safeParse(answerSchema, value);
  if (parsed.success) return parsed.output;
  throw new EngineError('QUEUE_PROTOCOL', 'The queue holds an answer that is not from pali.', {
    hint: 'Another program may use a queue of the same name, or the worker is another version.',
  });
}
