import * as v from 'valibot';
import { decodeMaskRle } from '../../base/mask-rle.js';
import { isObjectTask, taskNames } from '../../base/task-name.js';
import type { TaskResult } from '../../base/task-result.js';

const number = v.pipe(v.number(), v.finite());
const int = v.pipe(v.number(), v.safeInteger());
const natural = v.pipe(int, v.minValue(0));
const side = v.pipe(int, v.minValue(1));
const bin = v.pipe(natural, v.maxValue(1023));
const detectionSchema = v.object({
  label: v.string(),
  score: number,
  boxScore: number,
  box: v.object({ x0: number, y0: number, x1: number, y1: number }),
  bins: v.strictTuple([bin, bin, bin, bin]),
  mask: v.optional(v.object({ size: v.strictTuple([int, int]), counts: v.string() })),
});
const tokenFields = { id: natural, logprob: number };
const tokenSchema = v.object({
  ...tokenFields,
  text: v.string(),
  top: v.optional(v.array(v.object(tokenFields))),
});
const timingsSchema = v.object({
  ...{ loadMs: number, decodeMs: number, visionMs: number, prefillMs: number, generateMs: number },
  ...{ tokensPerSecond: number, acceptedTokens: v.optional(natural) },
});
/** The fields that are read back; others are ignored. */
const resultSchema = v.object({
  input: v.string(),
  task: v.picklist(taskNames),
  prompt: v.string(),
  model: v.optional(v.object({ name: v.string(), dtype: v.string(), device: v.string() })),
  image: v.optional(v.object({ width: side, height: side })),
  text: v.optional(v.string()),
  raw: v.optional(v.string()),
  truncated: v.optional(v.boolean()),
  detections: v.optional(v.array(detectionSchema)),
  rejected: v.optional(v.array(v.object({ raw: v.string(), reason: v.string() }))),
  frame: v.optional(
    v.object({
      index: natural,
      timeSeconds: number,
      startSeconds: v.optional(number),
      endSeconds: number,
      sameAs: v.optional(natural),
      dropped: v.optional(natural),
      trackIds: v.optional(v.array(natural)),
    }),
  ),
  tokens: v.optional(v.array(tokenSchema)),
  timings: v.optional(timingsSchema),
  error: v.optional(v.object({ code: v.string(), message: v.string(), hint: v.optional(v.string()) })),
});

/**
 * A result read back from an object written by the JSON formats, with its masks decoded.
 * @throws what valibot and decodeMaskRle throw if it is not a result.
 */
export function parseResult(value: unknown): TaskResult {
  const { detections, text, ...fields } = v.parse(resultSchema, value);
  return {
    ...fields,
    // For objects the text consists of their rows, which are generated again.
    ...(isObjectTask(fields.task) || text === undefined ? {} : { text }),
    ...(detections && {
      detections: detections.map(({ mask, ...detection }) =>
        mask ? { ...detection, mask: decodeMaskRle(mask) } : detection,
      ),
    }),
  } as TaskResult;
}
