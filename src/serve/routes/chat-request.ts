import * as v from 'valibot';
import type { TaskInput } from '../../tasks/inputs/task-input.js';
import { parseTaskLine } from '../../tasks/prompts/parse-task-line.js';
import { dtypes } from '../../base/dtype.js';
import type { Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import type { ModelQuery } from '../model-pool.js';
import { checkFields } from '../read-json.js';
import { readKeepAlive } from '../../base/keep-alive.js';
import { readPicture } from '../read-picture.js';

/** Tokens of one answer at most; a client that asks for more gets as many as there are. */
const MAX_TOKENS = 8192;
const MAX_ANSWERS = 64;
const MAX_STOPS = 16;

const number = (min: number, max: number): v.GenericSchema<unknown, number> =>
  v.pipe(v.number(), v.minValue(min), v.maxValue(max));
const whole = (min: number, max: number): v.GenericSchema<unknown, number> =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
const stopSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** What chat completions and responses have in common: how the answer is made. */
const samplingFields = {
  model: v.optional(v.string()),
  temperature: v.optional(number(0, 100), 0),
  top_p: v.optional(number(0, 1), 1),
  seed: v.optional(whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), 0),
  keep_alive: v.optional(v.union([v.string(), v.number()])),
};

/** Of no consequence for the answer: who asks, and what is kept of it (nothing is). */
const ignoredFields = Object.fromEntries(
  [
    'user',
    'metadata',
    'store',
    'service_tier',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_retention',
  ].map((name) => [name, v.optional(v.unknown())]),
);

const chatSchema = v.strictObject({
  ...samplingFields,
  ...ignoredFields,
  messages: v.pipe(v.array(v.looseObject({ role: v.string() })), v.minLength(1), v.maxLength(1000)),
  max_tokens: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  max_completion_tokens: v.optional(whole(1, Number.MAX_SAFE_INTEGER)),
  n: v.optional(whole(1, MAX_ANSWERS), 1),
  stop: v.optional(v.union([stopSchema, v.pipe(v.array(stopSchema), v.maxLength(MAX_STOPS))])),
  logprobs: v.optional(v.boolean(), false),
  top_logprobs: v.optional(whole(0, 20)),
  stream: v.optional(v.boolean(), false),
  stream_options: v.optional(v.looseObject({ include_usage: v.optional(v.nullable(v.boolean())) })),
  response_format: v.optional(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
  frequency_penalty: v.optional(v.literal(0, 'Repetition ends an answer here; there is no penalty for it')),
  presence_penalty: v.optional(v.literal(0, 'Repetition ends an answer here; there is no penalty for it')),
  modalities: v.optional(v.array(v.literal('text', 'Answers are text'))),
});

/** A chat completion, understood. */
export interface ChatRequest {
  readonly question: Question;
  /** As the client called the model. */
  readonly modelName: string | undefined;
  readonly isStream: boolean;
  readonly hasUsageChunk: boolean;
  readonly hasLogprobs: boolean;
  /** The content is JSON. */
  readonly isJson: boolean;
}

/** @throws {HttpError} a field is unknown or cannot be what it is. {UsageError} the prompt cannot be asked. */
export function readChatRequest(body: Record<string, unknown>, allowsPrivate: boolean): ChatRequest {
  refuseTools(body);
  const fields = checkFields(chatSchema, body);
  if (fields.top_logprobs !== undefined && !fields.logprobs) {
    throw badRequest('top_logprobs needs logprobs: true.', 'top_logprobs');
  }
  const { text, pictures } = readMessages(fields.messages, allowsPrivate);
  const stop = fields.stop ?? [];
  return {
    question: {
      task: parseTaskLine(text, 'en'),
      inputs: toInputs(pictures),
      ...readSampling(fields),
      maxTokens: clampTokens(fields.max_completion_tokens ?? fields.max_tokens),
      answers: fields.n,
      alternatives: fields.logprobs ? (fields.top_logprobs ?? 0) : undefined,
      stops: typeof stop === 'string' ? [stop] : stop,
    },
    modelName: fields.model,
    isStream: fields.stream,
    hasUsageChunk: fields.stream_options?.include_usage === true,
    hasLogprobs: fields.logprobs,
    isJson: (fields.response_format?.type ?? 'text') !== 'text',
  };
}

/** The model and the dice, as both APIs name them. */
export function readSampling(
  fields: v.InferOutput<v.ObjectSchema<typeof samplingFields, undefined>>,
): Pick<Question, 'model' | 'sampling' | 'keepAliveMs'> {
  const { model, temperature, top_p: topP, seed, keep_alive: keepAlive } = fields;
  return {
    model: readModelName(model),
    // 0 leaves the likeliest token, as the smallest share does.
    sampling: { temperature, topP: Math.max(topP, Number.EPSILON), seed },
    keepAliveMs: keepAlive === undefined ? undefined : readKeepAlive(String(keepAlive), 'keep_alive'),
  };
}

export { ignoredFields, samplingFields };

/** `name` or `name:dtype`. */
export function readModelName(model: string | undefined): ModelQuery {
  if (model === undefined) return {};
  const colon = model.lastIndexOf(':');
  const dtype = dtypes.find((candidate) => candidate === model.slice(colon + 1));
  return colon > 0 && dtype !== undefined ? { name: model.slice(0, colon), dtype } : { name: model };
}

export function clampTokens(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.min(count, MAX_TOKENS);
}

/** All pictures together are one prompt's. @throws {HttpError} there is none. */
export function toInputs(pictures: TaskInput['pictures']): TaskInput[] {
  if (pictures.length === 0) {
    throw badRequest(
      'There is no picture: PaliGemma answers only about pictures.',
      'messages',
      'Add an image_url part.',
    );
  }
  return [{ name: 'picture', pictures }];
}

/** @throws {HttpError} the request has tools. */
export function refuseTools(body: Record<string, unknown>): void {
  for (const name of ['tools', 'functions']) {
    const tools = body[name];
    if (Array.isArray(tools) && tools.length === 0) delete body[name];
    else if (tools !== undefined) throw badRequest('PaliGemma calls no tools.', name, `Leave out ${name}.`);
  }
  for (const name of ['tool_choice', 'parallel_tool_calls', 'function_call']) delete body[name];
}

interface UserMessage {
  readonly text: string;
  readonly pictures: TaskInput['pictures'];
}

/** The text of the last message of the user, and its pictures; or those of the last message that has some. */
function readMessages(
  messages: readonly ({ role: string } & Record<string, unknown>)[],
  allowsPrivate: boolean,
): UserMessage {
  const users = messages.flatMap((message, i) =>
    message.role === 'user' ? [readContent(message['content'], `messages.${i}.content`, allowsPrivate)] : [],
  );
  const last = users.at(-1);
  if (last === undefined) throw badRequest('There is no message of the user.', 'messages');
  if (last.text.trim() === '') throw badRequest('The last message of the user has no text.', 'messages');
  const withPictures = users.filter(({ pictures }) => pictures.length > 0).at(-1);
  return { text: last.text, pictures: withPictures?.pictures ?? [] };
}

function readContent(content: unknown, field: string, allowsPrivate: boolean): UserMessage {
  if (typeof content === 'string') return { text: content, pictures: [] };
  if (!Array.isArray(content)) throw badRequest(`${field} is neither a text nor a list of parts.`, field);
  const texts: string[] = [];
  const pictures: TaskInput['pictures'][number][] = [];
  for (const [i, part] of (content as unknown[]).entries()) {
    const at = `${field}.${i}`;
    const read = readPart(part, at, allowsPrivate);
    if ('text' in read) texts.push(read.text);
    else pictures.push(read.picture);
  }
  return { text: texts.join('\n'), pictures };
}

type Part = { readonly text: string } | { readonly picture: TaskInput['pictures'][number] };

function readPart(part: unknown, at: string, allowsPrivate: boolean): Part {
  const { type, text, image_url: image } = (part ?? {}) as Record<string, unknown>;
  if (type === 'text' && typeof text === 'string') return { text };
  const url = typeof image === 'object' && image !== null ? (image as Record<string, unknown>)['url'] : image;
  if (type === 'image_url' && typeof url === 'string') {
    return { picture: readPicture(url, `${at}.image_url`, allowsPrivate) };
  }
  const name = typeof type === 'string' ? `A part of type '${type.slice(0, 60)}'` : 'A part without a type';
  throw badRequest(`${name} is not understood at ${at}.`, at, 'There are: text, and image_url with a url.');
}
