import * as v from 'valibot';
import { parseTaskLine } from '../../tasks/prompts/parse-task-line.js';
import type { Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import { checkFields } from '../read-json.js';
import { readMessages } from './read-messages.js';
import {
  clampTokens,
  ignoredFields,
  readSampling,
  refuseTools,
  samplingFields,
  wholeBetween,
} from './sampling-fields.js';

const MAX_ANSWERS = 64;
const MAX_STOPS = 16;
const MAX_MESSAGES = 1000;

const stopSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const noPenalty = v.optional(v.literal(0, 'Repetition ends an answer here; there is no penalty for it'));

const chatSchema = v.strictObject({
  ...ignoredFields,
  ...samplingFields,
  messages: v.pipe(v.array(v.looseObject({ role: v.string() })), v.minLength(1), v.maxLength(MAX_MESSAGES)),
  max_tokens: v.optional(wholeBetween(1, Number.MAX_SAFE_INTEGER)),
  max_completion_tokens: v.optional(wholeBetween(1, Number.MAX_SAFE_INTEGER)),
  n: v.optional(wholeBetween(1, MAX_ANSWERS), 1),
  stop: v.optional(v.union([stopSchema, v.pipe(v.array(stopSchema), v.maxLength(MAX_STOPS))])),
  logprobs: v.optional(v.boolean(), false),
  top_logprobs: v.optional(wholeBetween(0, 20)),
  stream: v.optional(v.boolean(), false),
  stream_options: v.optional(
    v.looseObject({
      include_usage: v.optional(v.nullable(v.boolean())),
    }),
  ),
  response_format: v.optional(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
  frequency_penalty: noPenalty,
  presence_penalty: noPenalty,
  modalities: v.optional(v.array(v.literal('text', 'Answers are text'))),
});

/** A parsed chat completion request. */
export interface ChatRequest {
  readonly question: Question;
  /** The model's name as the client wrote it. */
  readonly modelName: string | undefined;
  readonly isStream: boolean;
  readonly hasUsageChunk: boolean;
  readonly hasLogprobs: boolean;
  /** The content is JSON. */
  readonly isJson: boolean;
}

/** @throws {HttpError} a field is unknown or its value is not allowed. {UsageError} the prompt cannot be asked. */
export function readChatRequest(body: Record<string, unknown>, allowsPrivate: boolean): ChatRequest {
  const fields = checkFields(chatSchema, refuseTools(body));
  if (fields.top_logprobs !== undefined && !fields.logprobs) {
    throw badRequest('top_logprobs needs logprobs: true.', 'top_logprobs');
  }
  const names = { field: 'messages', text: 'text', image: 'image_url' };
  const { text, pictures } = readMessages(fields.messages, names, allowsPrivate);
  return {
    question: {
      task: parseTaskLine(text, 'en'),
      inputs: [{ name: 'picture', pictures }],
      ...readSampling(fields),
      maxTokens: clampTokens(fields.max_completion_tokens ?? fields.max_tokens),
      answers: fields.n,
      alternatives: fields.logprobs ? (fields.top_logprobs ?? 0) : undefined,
      stops: [fields.stop ?? []].flat(),
    },
    modelName: fields.model,
    isStream: fields.stream,
    hasUsageChunk: fields.stream_options?.include_usage === true,
    hasLogprobs: fields.logprobs,
    isJson: (fields.response_format?.type ?? 'text') !== 'text',
  };
}
