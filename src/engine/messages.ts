import * as v from 'valibot';
import { describeIssue } from '../base/describe-issue.js';
import { deviceNames, dtypes } from '../base/dtype.js';
import { EngineError } from '../base/errors.js';
import { CODES_PER_MASK, SEG_TOKENS } from '../base/model-spec.js';
import { wireErrorSchema } from './wire-error.js';

// All messages between the engine's process and its parent. Both sides check what arrives: a
// message that is not one of these ends the conversation. Typed arrays travel as they are (`advanced`
// serialisation), so a picture costs just one copy.

/** Largest side of a picture, pixels: the largest checkpoint takes 896; room for one more doubling. */
export const MAX_SIDE = 2048;
/** Pictures in one prompt: at 224 pixels 64 of them are 16,384 positions, twice what Gemma was trained on. */
export const MAX_IMAGES = 64;
/** Tokens of one answer: Gemma was trained on 8192 positions. */
export const MAX_NEW_TOKENS = 8192;
/** Alternatives reported for a token. */
export const MAX_ALTERNATIVES = 20;
/** Things that one prompt can ask for: a prompt has 8000 characters. */
const MAX_LABELS = 4000;
/** Masks in one message: more objects than an answer can hold. */
const MAX_MASKS = 1024;
/** A decoded mask is 64 x 64. */
export const MASK_VALUES = 64 * 64;

const number = v.pipe(v.number(), v.finite());
const int = v.pipe(v.number(), v.safeInteger());
const natural = v.pipe(int, v.minValue(0));
const idSchema = natural;

const imageSchema = v.pipe(
  v.object({
    side: v.pipe(int, v.minValue(1), v.maxValue(MAX_SIDE)),
    data: v.custom<Uint8Array>((value) => value instanceof Uint8Array),
  }),
  v.check((image) => image.data.length === image.side * image.side * 3, 'side and data do not agree'),
);

/** A request but for its pictures; see EngineRequest. */
export const requestFieldsSchema = v.object({
  prompt: v.string(),
  maxTokens: v.pipe(int, v.minValue(1), v.maxValue(MAX_NEW_TOKENS)),
  sampling: v.object({
    temperature: v.pipe(number, v.minValue(0)),
    topP: v.pipe(number, v.gtValue(0), v.maxValue(1)),
    seed: int,
  }),
  constraint: v.exactOptional(v.picklist(['detect', 'segment'])),
  labels: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(MAX_LABELS))),
  draft: v.exactOptional(v.pipe(v.array(natural), v.maxLength(MAX_NEW_TOKENS))),
  alternatives: v.pipe(int, v.minValue(0), v.maxValue(MAX_ALTERNATIVES)),
});

/** See EngineRequest. */
const requestSchema = v.object({
  ...requestFieldsSchema.entries,
  images: v.pipe(v.array(imageSchema), v.minLength(1), v.maxLength(MAX_IMAGES)),
});

const codeSchema = v.pipe(int, v.minValue(0), v.maxValue(SEG_TOKENS - 1));
/** Mask codes, as Engine.decodeMasks takes them. */
export const codesSchema = v.pipe(
  v.array(v.pipe(v.array(codeSchema), v.length(CODES_PER_MASK))),
  v.maxLength(MAX_MASKS),
);

const devices = deviceNames.filter((name) => name !== 'auto');

const toEngineSchema = v.variant('type', [
  /** Once, first. */
  v.object({
    type: v.literal('load'),
    modelFolder: v.string(),
    device: v.picklist(devices),
    threads: v.exactOptional(natural),
    /** Refuse a device on which a step takes much longer than on the CPU; another one is tried next. */
    mustBeFast: v.exactOptional(v.boolean()),
  }),
  v.object({ type: v.literal('ask'), id: idSchema, request: requestSchema }),
  /** Forget a request; nothing comes back. An unknown id (already answered) is not an error. */
  v.object({ type: v.literal('cancel'), id: idSchema }),
  v.object({ type: v.literal('masks'), id: idSchema, codes: codesSchema }),
  /** End the process. */
  v.object({ type: v.literal('shutdown') }),
]);

const alternativeSchema = v.object({ id: number, logprob: number, text: v.exactOptional(v.string()) });
const tokenSchema = v.object({
  id: number,
  logprob: number,
  text: v.string(),
  top: v.array(alternativeSchema),
});

/** See EngineEvent. */
export const eventSchema = v.variant('type', [
  v.object({
    type: v.literal('start'),
    promptTokens: number,
    visionMs: number,
    prefillMs: number,
  }),
  v.object({ type: v.literal('token'), token: tokenSchema }),
  v.object({
    type: v.literal('done'),
    stop: v.picklist(['eos', 'length', 'repetition']),
    raw: v.string(),
    tokens: v.array(tokenSchema),
    timings: v.object({
      visionMs: number,
      prefillMs: number,
      generateMs: number,
      draftedTokens: v.exactOptional(natural),
      acceptedTokens: v.exactOptional(natural),
    }),
    /** Of a worker of a queue, where others may have other devices. */
    device: v.exactOptional(v.picklist(devices)),
  }),
]);

const maskSchema = v.custom<Float32Array>(
  (value) => value instanceof Float32Array && value.length === MASK_VALUES,
);

const bytesSchema = v.pipe(number, v.minValue(0));

const fromEngineSchema = v.variant('type', [
  /** On the way to `ready`, before each part that is loaded; see LoadProgress. */
  v.object({
    type: v.literal('loading'),
    doneBytes: bytesSchema,
    partBytes: bytesSchema,
    totalBytes: bytesSchema,
  }),
  /** The answer to `load`. */
  v.object({
    type: v.literal('ready'),
    dtype: v.picklist(dtypes),
    imageSize: v.pipe(int, v.minValue(1)),
    loadTimes: v.exactOptional(v.record(v.string(), number)),
  }),
  /** The other answer to `load`; the process ends after it. */
  v.object({ type: v.literal('load-failed'), error: wireErrorSchema }),
  /** The output of one round of the scheduler, for any number of requests. */
  v.object({ type: v.literal('events'), items: v.array(v.object({ id: idSchema, event: eventSchema })) }),
  v.object({ type: v.literal('masks'), id: idSchema, masks: v.array(maskSchema) }),
  /** One request, of answers or of masks, failed; the engine goes on. */
  v.object({ type: v.literal('failed'), id: idSchema, error: wireErrorSchema }),
]);

/** Messages from the parent to the engine's process. Ids are chosen by the parent and unique within a process. */
export type ToEngine = v.InferOutput<typeof toEngineSchema>;
/** Messages from the engine's process to its parent. */
export type FromEngine = v.InferOutput<typeof fromEngineSchema>;

/** @throws {EngineError} it is not a message to the engine. */
export function parseToEngine(value: unknown): ToEngine {
  return parse(toEngineSchema, value, 'received');
}

/** @throws {EngineError} it is not a message from the engine. */
export function parseFromEngine(value: unknown): FromEngine {
  return parse(fromEngineSchema, value, 'sent');
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, verb: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new EngineError(
    'ENGINE_PROTOCOL',
    `The engine ${verb} a message that is none of its own: ${describeIssue(parsed.issues[0])}.`,
    { hint: 'Two versions of pali may be mixed in one installation: install it again.' },
  );
}
