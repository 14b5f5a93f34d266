import { encodeMaskRle } from '../../base/mask-rle.js';
import type { FoundBox } from '../../base/stream-event.js';
import { isObjectResult, type ResultToken, type TaskResult } from '../../base/task-result.js';
import { toDetectionRows } from './detection-rows.js';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const SCHEMA_VERSION = 1;

/**
 * A result as the JSON formats write it. Fields that do not apply are absent, none is ever null. Scores are
 * rounded to 4 decimals, boxes to hundredths of a pixel, log-probabilities to 5 decimals, times to 0.1 ms.
 */
export function toResultObject(result: TaskResult): Record<string, unknown> {
  const { detections, tokens, timings, error } = result;
  const text = isObjectResult(result)
    ? toDetectionRows(detections ?? [])
        .map((row) => row.join('\t'))
        .join('\n')
    : result.text;
  return withoutAbsent({
    schemaVersion: SCHEMA_VERSION,
    input: result.input,
    task: result.task,
    prompt: result.prompt,
    model: result.model,
    image: result.image,
    text: error === undefined ? text : undefined,
    raw: result.raw,
    truncated: result.truncated,
    detections: detections?.map(toDetectionObject),
    rejected: result.rejected,
    frame: result.frame,
    tokens: tokens?.map(toTokenObject),
    timings:
      timings &&
      Object.fromEntries(
        Object.entries(timings).map(([name, value]: [string, number]) => [name, round(value, 1)]),
      ),
    error: error && withoutAbsent({ code: error.code, message: error.message, hint: error.hint }),
  });
}

/** A detection, or as much of it as is known, as the JSON formats write it. */
export function toDetectionObject({
  label,
  score,
  boxScore,
  box,
  bins,
  mask,
}: FoundBox): Record<string, unknown> {
  const { x0, y0, x1, y1 } = box;
  return withoutAbsent({
    label,
    score: score && round(score, 4),
    boxScore: boxScore && round(boxScore, 4),
    box: { x0: round(x0, 2), y0: round(y0, 2), x1: round(x1, 2), y1: round(y1, 2) },
    bins,
    mask: mask && encodeMaskRle(mask),
  });
}

/** A token as the JSON formats write it. */
export function toTokenObject({ id, text, logprob, top }: ResultToken): Record<string, unknown> {
  return withoutAbsent({
    id,
    text,
    logprob: round(logprob, 5),
    top: top?.map((other) => ({ id: other.id, logprob: round(other.logprob, 5) })),
  });
}

function withoutAbsent(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
