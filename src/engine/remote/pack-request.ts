import * as v from 'valibot';
import { describeIssue } from '../../base/describe-issue.js';
import { InputError, UsageError } from '../../base/errors.js';
import { codesSchema, MAX_IMAGES, MAX_SIDE, requestFieldsSchema } from '../messages.js';
import type { EngineRequest } from '../engine.js';
import { wantedModelSchema, type WantedModel } from './contract.js';

const CHANNELS = 3;
/** Bytes of the number before the header. */
const LENGTH_BYTES = 4;

const sideSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_SIDE));
const askSchema = v.object({
  model: wantedModelSchema,
  request: requestFieldsSchema,
  sides: v.pipe(v.array(sideSchema), v.minLength(1), v.maxLength(MAX_IMAGES)),
});
const masksSchema = v.object({ model: wantedModelSchema, codes: codesSchema });

/** A request that travels, and the model that it is for. */
export interface PackedAsk {
  readonly model: WantedModel;
  readonly request: EngineRequest;
}

/**
 * A request as bytes: the length of the header (uint32, little endian), the header (JSON), then the pixels of each
 * picture as they are, side * side * 3 bytes. 150 KB for a picture of 224 pixels.
 */
export function packAsk({ model, request: { images, ...request } }: PackedAsk): Buffer {
  const header = Buffer.from(JSON.stringify({ model, request, sides: images.map(({ side }) => side) }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, ...images.map(({ data }) => data)]);
}

/** @throws {InputError} the bytes are not what packAsk writes. */
export function unpackAsk(bytes: Uint8Array): PackedAsk {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = buffer.length < LENGTH_BYTES ? NaN : LENGTH_BYTES + buffer.readUInt32LE();
  if (!(headerEnd <= buffer.length)) throw notOurs('its header is cut short');
  const header = check(askSchema, parseJson(buffer.toString('utf8', LENGTH_BYTES, headerEnd)));
  let at = headerEnd;
  const images = header.sides.map((side) => {
    const data = buffer.subarray(at, at + side * side * CHANNELS);
    at += side * side * CHANNELS;
    return { side, data };
  });
  if (at !== buffer.length) {
    throw notOurs(`its pictures have ${at - headerEnd} bytes, and there are ${buffer.length - headerEnd}`);
  }
  return { model: header.model, request: { ...header.request, images } };
}

/** Mask codes and the model that decodes them, of JSON. @throws {InputError} they are none. */
export function readMaskRequest(text: string): v.InferOutput<typeof masksSchema> {
  return check(masksSchema, parseJson(text));
}

/** The wish for a model, of JSON. @throws {InputError} it is none. */
export function readWantedModel(text: string): WantedModel {
  return check(wantedModelSchema, parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notOurs('its header is not JSON');
  }
}

function check<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const sentence = describeIssue(parsed.issues[0]);
  if (sentence.startsWith('request.'))
    throw new UsageError('OPTION_OUT_OF_RANGE', `The request is wrong: ${sentence}.`);
  throw notOurs(sentence);
}

function notOurs(why: string): InputError {
  return new InputError('REQUEST_UNREADABLE', `The request is not one of pali's: ${why}.`);
}
