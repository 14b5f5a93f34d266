import * as v from 'valibot';
import { dtypes } from '../../base/dtype.js';
import { readKeepAlive } from '../../base/keep-alive.js';
import type { Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import type { ModelQuery } from '../model-pool.js';

/** The most tokens in one answer; a client that asks for more gets this many. */
const MAX_TOKENS = 8192;

/** A number within bounds, both included. */
export function between(min: number, max: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.minValue(min), v.maxValue(max));
}

/** The same, for whole numbers. */
export function wholeBetween(min: number, max: number): v.GenericSchema<unknown, number> {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}

/** What chat completions and responses have in common: the model, and sampling. */
export const samplingFields = {
  model: v.optional(v.string()),
  temperature: v.optional(between(0, 100), 0),
  top_p: v.optional(between(0, 1), 1),
  seed: v.optional(wholeBetween(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), 0),
  keep_alive: v.optional(v.union([v.string(), v.number()])),
};
type SamplingFields = v.InferOutput<v.ObjectSchema<typeof samplingFields, undefined>>;

const ignoredNames = [
  'user',
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
];
/** Fields that do not affect the answer: who is asking, and what is stored of it (nothing is). */
export const ignoredFields = Object.fromEntries(ignoredNames.map((name) => [name, v.optional(v.unknown())]));

/** @throws {UsageError} the keep-alive is not a duration. */
export function readSampling(fields: SamplingFields): Pick<Question, 'model' | 'sampling' | 'keepAliveMs'> {
  const { model, temperature, top_p: topP, seed, keep_alive: keepAlive } = fields;
  return {
    model: readModelName(model),
    // A temperature of 0 keeps only the likeliest token, as does the smallest top-p.
    sampling: { temperature, topP: Math.max(topP, Number.EPSILON), seed },
    keepAliveMs: keepAlive === undefined ? undefined : readKeepAlive(String(keepAlive), 'keep_alive'),
  };
}

/** `name` or `name:dtype`. */
export function readModelName(model: string | undefined): ModelQuery {
  if (model === undefined) return {};
  const colon = model.lastIndexOf(':');
  const dtype = dtypes.find((candidate) => candidate === model.slice(colon + 1));
  return colon > 0 && dtype !== undefined ? { name: model.slice(0, colon), dtype } : { name: model };
}

/** As many tokens as were asked for, up to the most that an answer can have. */
export function clampTokens(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.min(count, MAX_TOKENS);
}

/** Fields that say how tools are used: they have no effect without any tools. */
const TOOL_FIELDS = ['tools', 'functions', 'tool_choice', 'parallel_tool_calls', 'function_call'];

/** The request without its tool fields. @throws {HttpError} it has tools. */
export function refuseTools(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  for (const name of ['tools', 'functions']) {
    const value = body[name];
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) throw badRequest('PaliGemma calls no tools.', name, `Leave out ${name}.`);
  }
  return Object.fromEntries(Object.entries(body).filter(([name]) => !TOOL_FIELDS.includes(name)));
}
