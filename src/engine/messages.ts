import { z } from 'zod';
import { deviceNames, dtypes } from '../base/dtype.js';
import { EngineError } from '../base/errors.js';
import { CODES_PER_MASK, SEG_TOKENS } from '../base/model-spec.js';
import { wireErrorSchema } from './wire-error.js';

// Everything that the engine's process and its parent say to each other. Both sides check what arrives: a
// message that is not one of these ends the conversation. Typed arrays travel as they are (`advanced`
// serialisation), so one picture costs a copy and no more.

/** Side of a picture, pixels: the largest checkpoint takes 896; room for one more doubling. */
const MAX_SIDE = 2048;
/** Pictures in one prompt: at 224 pixels 64 of them are 16,384 positions, twice what Gemma was trained on. */
export const MAX_IMAGES = 64;
/** Tokens of one answer: Gemma was trained on 8192 positions. */
export const MAX_NEW_TOKENS = 8192;
/** Alternatives reported for a token. */
export const MAX_ALTERNATIVES = 20;
/** Masks in one message: more objects than an answer can hold. */
const MAX_MASKS = 1024;
/** A decoded mask is 64 x 64. */
const MASK_VALUES = 64 * 64;

const idSchema = z.number().int().nonnegative();

const imageSchema = z
  .object({
    side: z.number().int().min(1).max(MAX_SIDE),
    data: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  })
  .refine((image) => image.data.length === image.side * image.side * 3, 'side and data do not agree');

const requestSchema = z.object({
  images: z.array(imageSchema).min(1).max(MAX_IMAGES),
  prompt: z.string(),
  maxTokens: z.number().int().min(1).max(MAX_NEW_TOKENS),
  sampling: z.object({
    temperature: z.number().nonnegative(),
    topP: z.number().gt(0).max(1),
    seed: z.number().int(),
  }),
  constraint: z.exactOptional(z.enum(['detect', 'segment'])),
  alternatives: z.number().int().min(0).max(MAX_ALTERNATIVES),
});

const codesSchema = z
  .array(
    z
      .array(
        z
          .number()
          .int()
          .min(0)
          .max(SEG_TOKENS - 1),
      )
      .length(CODES_PER_MASK),
  )
  .max(MAX_MASKS);

const toEngineSchema = z.discriminatedUnion('type', [
  /** Once, first. */
  z.object({
    type: z.literal('load'),
    modelFolder: z.string(),
    device: z.enum(deviceNames).exclude(['auto']),
    threads: z.exactOptional(z.number().int().nonnegative()),
    /** Refuse a device on which a step takes much longer than on the CPU; another one is tried next. */
    mustBeFast: z.exactOptional(z.boolean()),
  }),
  z.object({ type: z.literal('ask'), id: idSchema, request: requestSchema }),
  /** Forget a request; nothing comes back. An unknown id (already answered) is not an error. */
  z.object({ type: z.literal('cancel'), id: idSchema }),
  z.object({ type: z.literal('masks'), id: idSchema, codes: codesSchema }),
  /** End the process. */
  z.object({ type: z.literal('shutdown') }),
]);

const scoredSchema = z.object({ id: z.number(), logprob: z.number() });
const tokenSchema = z.object({
  id: z.number(),
  logprob: z.number(),
  text: z.string(),
  top: z.array(scoredSchema),
});

const eventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    promptTokens: z.number(),
    visionMs: z.number(),
    prefillMs: z.number(),
  }),
  z.object({ type: z.literal('token'), token: tokenSchema }),
  z.object({
    type: z.literal('done'),
    stop: z.enum(['eos', 'length', 'repetition']),
    raw: z.string(),
    tokens: z.array(tokenSchema),
    timings: z.object({ visionMs: z.number(), prefillMs: z.number(), generateMs: z.number() }),
  }),
]);

const maskSchema = z.custom<Float32Array>(
  (value) => value instanceof Float32Array && value.length === MASK_VALUES,
);

const bytesSchema = z.number().nonnegative();

const fromEngineSchema = z.discriminatedUnion('type', [
  /** On the way to `ready`, before each part that is loaded; see LoadProgress. */
  z.object({
    type: z.literal('loading'),
    doneBytes: bytesSchema,
    partBytes: bytesSchema,
    totalBytes: bytesSchema,
  }),
  /** The answer to `load`. */
  z.object({
    type: z.literal('ready'),
    dtype: z.enum(dtypes),
    imageSize: z.number().int().positive(),
  }),
  /** The other answer to `load`; the process ends after it. */
  z.object({ type: z.literal('load-failed'), error: wireErrorSchema }),
  /** What one round of the scheduler gave, for any number of requests. */
  z.object({ type: z.literal('events'), items: z.array(z.object({ id: idSchema, event: eventSchema })) }),
  z.object({ type: z.literal('masks'), id: idSchema, masks: z.array(maskSchema) }),
  /** One request, of answers or of masks, failed; the engine goes on. */
  z.object({ type: z.literal('failed'), id: idSchema, error: wireErrorSchema }),
]);

/** What a parent says to the engine's process. Ids are the parent's, each used once in a process's life. */
export type ToEngine = z.infer<typeof toEngineSchema>;
/** What the engine's process says to its parent. */
export type FromEngine = z.infer<typeof fromEngineSchema>;

/** @throws {EngineError} it is not a message to the engine. */
export function parseToEngine(value: unknown): ToEngine {
  return parse(toEngineSchema, value, 'received');
}

/** @throws {EngineError} it is not a message from the engine. */
export function parseFromEngine(value: unknown): FromEngine {
  return parse(fromEngineSchema, value, 'sent');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, verb: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new EngineError(
    'ENGINE_PROTOCOL',
    `The engine ${verb} a message that is none of its own${where}: ${issue?.message ?? 'unknown'}.`,
    { hint: 'Two versions of pali may be mixed in one installation: install it again.' },
  );
}
