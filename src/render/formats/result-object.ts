import type { Detection, RejectedRecord } from '../../base/detection.js';
import { encodeMaskRle, type MaskRle } from '../../base/mask-rle.js';
import type { FoundBox } from '../../base/stream-event.js';
import {
  isObjectResult,
  type ResultError,
  type ResultFrame,
  type ResultTimings,
  type ResultToken,
  type TaskResult,
} from '../../base/task-result.js';
import { round, roundBox, roundScore } from '../round-result.js';
import { toDetectionRows } from './detection-rows.js';

/** Incremented when a field changes its meaning or is removed, but not when fields are added. */
export const SCHEMA_VERSION = 1;

/** A detection as the JSON formats write it: its mask as compressed run lengths. */
export type DetectionObject = Pick<Detection, 'label' | 'score' | 'boxScore' | 'box' | 'bins'> & {
  readonly mask?: MaskRle;
};

/** A box, with as much of its detection as is known. */
export type BoxObject = Pick<DetectionObject, 'box' | 'bins'> & Partial<DetectionObject>;

/** A token as the JSON formats write it. Logarithms are natural. */
export interface TokenObject {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  /** The most likely tokens at this step, best first. */
  readonly top?: readonly { readonly id: number; readonly logprob: number }[];
}

/** A result as the JSON formats write it, described field by field in docs/result.schema.json. */
export interface ResultObject {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** The picture or video as the user named it. */
  readonly input: string;
  readonly task: TaskResult['task'];
  /** As sent to the model. */
  readonly prompt: string;
  readonly model?: NonNullable<TaskResult['model']>;
  /** The picture's size as displayed, in pixels. */
  readonly image?: NonNullable<TaskResult['image']>;
  /** The readable answer; for objects, one line each: label, score, corner, corner, separated by tabs. */
  readonly text?: string;
  /** The model's answer with its special tokens. */
  readonly raw?: string;
  /** The answer was cut at the token limit. */
  readonly truncated?: boolean;
  /** Present whenever the answer holds location tokens, and always for detect and segment. */
  readonly detections?: readonly DetectionObject[];
  /** Pieces of the answer that looked like an object but were not a valid one. */
  readonly rejected?: readonly RejectedRecord[];
  /** The frame that the result is about, when the input is a video. */
  readonly frame?: ResultFrame;
  readonly tokens?: readonly TokenObject[];
  readonly timings?: ResultTimings;
  /** Why the input failed; there is no answer in that case. */
  readonly error?: ResultError;
}

/**
 * A result as the JSON formats write it. Fields that do not apply are absent, never null. Scores are rounded to 4
 * decimals, boxes to hundredths of a pixel, log-probabilities to 5 decimals, times to 0.1 ms.
 */
export function toResultObject(result: TaskResult): ResultObject {
  const { detections, tokens, timings, error } = result;
  const text = isObjectResult(result)
    ? toDetectionRows(detections ?? [])
        .map((row) => row.join('\t'))
        .join('\n')
    : result.text;
  return withoutAbsent<ResultObject>({
    schemaVersion: SCHEMA_VERSION,
    input: result.input,
    task: result.task,
    prompt: result.prompt,
    model: result.model,
    image: result.image,
    text: error === undefined ? text : undefined,
    raw: result.raw,
    truncated: result.truncated,
    detections: detections?.map((detection) => toDetectionObject(detection)),
    rejected: result.rejected,
    frame: result.frame,
    tokens: tokens?.map(toTokenObject),
    timings: timings && roundTimes(timings),
    error:
      error && withoutAbsent<ResultError>({ code: error.code, message: error.message, hint: error.hint }),
  });
}

/** A detection, or as much of it as is known, as the JSON formats write it. */
export function toDetectionObject(found: Detection): DetectionObject;
export function toDetectionObject(found: FoundBox): BoxObject;
export function toDetectionObject({ label, score, boxScore, box, bins, mask }: FoundBox): BoxObject {
  return withoutAbsent<BoxObject>({
    label,
    score: score && roundScore(score),
    boxScore: boxScore && roundScore(boxScore),
    box: roundBox(box),
    bins,
    mask: mask && encodeMaskRle(mask),
  });
}

/** A token as the JSON formats write it. */
export function toTokenObject({ id, text, logprob, top }: ResultToken): TokenObject {
  return withoutAbsent<TokenObject>({
    id,
    text,
    logprob: round(logprob, 5),
    top: top?.map((other) => ({ id: other.id, logprob: round(other.logprob, 5) })),
  });
}

function withoutAbsent<Fields extends object>(fields: {
  readonly [Name in keyof Fields]: Fields[Name] | undefined;
}): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}

function roundTimes(timings: ResultTimings): ResultTimings {
  const rounded = Object.entries(timings).map(([name, ms]: [string, number]) => [name, round(ms, 1)]);
  return Object.fromEntries(rounded) as ResultTimings;
}
