import * as v from 'valibot';
import { deviceNames, dtypes } from '../../base/dtype.js';

/** How often a worker says that it is there, milliseconds. */
export const HEARTBEAT_MS = 5000;
/** A worker that has said nothing for this long is gone, milliseconds. */
export const WORKER_GONE_MS = 4 * HEARTBEAT_MS;
/** A model that no worker has had for this long is forgotten, milliseconds. */
export const MODEL_FORGOTTEN_MS = 7 * 24 * 3600 * 1000;

const devices = deviceNames.filter((name) => name !== 'auto');
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const digestSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const modelSchema = v.object({
  /** Of its files, see base/model-digest. Jobs for it are in a queue of their own. */
  digest: digestSchema,
  name: v.string(),
  dtype: v.picklist(dtypes),
  imageSize: v.pipe(natural, v.minValue(1)),
});
/** A model that workers have. */
export type QueuedModel = v.InferOutput<typeof modelSchema>;

const workerSchema = v.object({
  id: v.string(),
  host: v.string(),
  pid: natural,
  version: v.string(),
  digest: digestSchema,
  device: v.picklist(devices),
  concurrency: natural,
  startedAt: v.string(),
  answered: natural,
  failed: natural,
});
/** A worker, as it describes itself. */
export type WorkerRecord = v.InferOutput<typeof workerSchema>;

/** Undefined where the text is another version's. */
export function parseModel(text: string): QueuedModel | undefined {
  return parse(modelSchema, text);
}

/** Undefined where the text is another version's. */
export function parseWorker(text: string): WorkerRecord | undefined {
  return parse(workerSchema, text);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, text: string): T | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
