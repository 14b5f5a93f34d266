import * as v from 'valibot';
import { UsageError } from '../base/errors.js';
import type { TaskName } from '../base/task-name.js';
import type { RunOptions } from '../tasks/inputs/run-options.js';
import type { Region } from '../tasks/prompts/region.js';
import { parseOptions } from './parse-options.js';
import { videoFields, type VideoFields } from './video-fields.js';

const flag = v.optional(v.boolean());
const number = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));
const count = (min: number, max: number) => v.pipe(number(min, max), v.safeInteger());

const commonFields = {
  maxTokens: v.optional(count(1, 4096)),
  temperature: v.optional(number(0, 100)),
  topP: v.optional(number(Number.EPSILON, 1)),
  seed: v.optional(count(0, 2 ** 32 - 1)),
  logprobs: v.optional(count(0, 20)),
  signal: v.optional(v.instance(AbortSignal)),
};
const lang = v.optional(v.pipe(v.string(), v.maxLength(20)));
const locScale = v.optional(v.picklist([1023, 1024]));
const objectFields = {
  perClass: flag,
  minScore: v.optional(number(0, 1)),
  tiles: v.optional(count(2, 8)),
  anyLabel: flag,
  constrain: flag,
  locScale,
};
const corner = v.pipe(v.number(), v.finite(), v.minValue(0));
const region = v.optional(
  v.pipe(
    v.strictObject({
      unit: v.optional(v.picklist(['pixels', 'percent'])),
      x0: corner,
      y0: corner,
      x1: corner,
      y1: corner,
    }),
    v.check(({ x0, y0, x1, y1 }) => x0 < x1 && y0 < y1, 'The region has no area.'),
    v.check(({ unit, x1, y1 }) => unit !== 'percent' || Math.max(x1, y1) <= 100, 'It is above 100 percent.'),
    v.transform(({ unit = 'pixels', ...box }): Region => ({ unit, ...box })),
  ),
);

/** What each task takes besides the common options. */
const ofTask: Readonly<Record<TaskName, v.ObjectEntries>> = {
  caption: { lang, short: flag, region },
  describe: { lang },
  ocr: {},
  answer: { lang },
  question: { lang },
  detect: objectFields,
  segment: objectFields,
  ask: { locScale },
};

/** The options of a call, checked. */
export interface ReadOptions {
  readonly lang?: string | undefined;
  readonly short?: boolean | undefined;
  readonly region?: Region | undefined;
  readonly perClass?: boolean | undefined;
  readonly run: Omit<RunOptions, 'onEvent' | 'keepsImages' | 'signal' | 'jobs'>;
  readonly signal: AbortSignal | undefined;
}

/** Every option that some task has; those of the task at hand were let through. */
type Fields = v.InferOutput<v.ObjectSchema<typeof commonFields, undefined>> &
  v.InferOutput<v.ObjectSchema<typeof objectFields, undefined>> &
  Pick<ReadOptions, 'lang' | 'short' | 'region'>;

/** The options of a call about a picture. @throws {UsageError} one is unknown, or cannot be what it is. */
export function readOptions(task: TaskName, options: unknown): ReadOptions {
  return toReadOptions(parseOptions({ ...commonFields, ...ofTask[task] }, options, `for ${task}`));
}

/** The same about a video, with its own options. @throws {UsageError} */
export function readVideoCall(
  task: TaskName,
  options: unknown,
): ReadOptions & { readonly video: VideoFields } {
  const entries = { ...commonFields, ...videoFields, ...ofTask[task] };
  const fields = parseOptions(entries, options, `for ${task} on a video`) as Fields & VideoFields;
  return { ...toReadOptions(fields), video: fields };
}

function toReadOptions(fields: Fields): ReadOptions {
  const { lang: language, short, region: part, perClass, signal } = fields;
  if (part !== undefined && (short === true || language !== undefined)) {
    throw new UsageError('OPTION_VALUE', 'A caption of a region has no language and is not short.');
  }
  return {
    ...{ lang: language, short, region: part, perClass, signal },
    run: {
      sampling: { temperature: fields.temperature ?? 0, topP: fields.topP ?? 1, seed: fields.seed ?? 0 },
      maxTokens: fields.maxTokens,
      alternatives: fields.logprobs,
      isAnyLabel: fields.anyLabel ?? false,
      isConstrained: fields.constrain ?? true,
      locScale: fields.locScale ?? 1023,
      minScore: fields.minScore,
      tiles: fields.tiles,
    },
  };
}
