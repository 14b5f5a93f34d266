import * as v from 'valibot';
import { deviceNames, dtypes } from '../../base/dtype.js';
import { eventSchema } from '../messages.js';
import { wireErrorSchema } from '../wire-error.js';

/** Raised when the requests or answers of /engine/* change; a server refuses every other number. */
export const CONTRACT = 1;

/** Where a server takes what an engine is asked. */
export const enginePaths = {
  load: '/engine/load',
  ask: '/engine/ask',
  masks: '/engine/masks',
  picture: '/engine/picture',
} as const;

/** Where an answer about a picture says how large the original is, pixels. Its body is the model's pixels. */
export const pictureHeaders = { width: 'x-pali-width', height: 'x-pali-height' } as const;

const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** The model that a client wants; what is absent, the server chooses. */
export const wantedModelSchema = v.object({
  contract: v.number(),
  name: v.exactOptional(nameSchema),
  dtype: v.exactOptional(v.picklist(dtypes)),
  device: v.exactOptional(v.picklist(deviceNames)),
  /** Of its files, see base/model-digest: a server with other weights of that name refuses. */
  digest: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  /** Fail at once where another model would have to finish its work first. */
  isHasty: v.exactOptional(v.boolean()),
});
export type WantedModel = v.InferOutput<typeof wantedModelSchema>;

const devices = deviceNames.filter((name) => name !== 'auto');

/** The model that a server answers with. */
const servedModelSchema = v.object({
  name: v.string(),
  dtype: v.picklist(dtypes),
  device: v.picklist(devices),
  digest: v.string(),
  imageSize: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  notes: v.array(v.string()),
});
export type ServedModel = v.InferOutput<typeof servedModelSchema>;

/** A line of an answer. Between lines a server may send empty ones, so that a silent server is known to be hung. */
export const serverLineSchema = v.variant('type', [
  /** First, at once. */
  v.object({ type: v.literal('hello'), contract: v.number(), version: v.string() }),
  /** While the model is loaded: how much of it, 0 to 1. */
  v.object({ type: v.literal('loading'), share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
  /** The model is loaded; the end of an answer to `load`. */
  v.object({ type: v.literal('ready'), model: servedModelSchema }),
  v.object({ type: v.literal('event'), event: eventSchema }),
  /** The end instead. `isServers`: the server cannot give the model; another one may answer the same request. */
  v.object({ type: v.literal('failed'), error: wireErrorSchema, isServers: v.boolean() }),
]);
export type ServerLine = v.InferOutput<typeof serverLineSchema>;

/** How often a server says something at least, milliseconds. */
export const HEARTBEAT_MS = 2000;
