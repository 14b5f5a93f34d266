import * as v from 'valibot';
import { parseTaskLine } from '../../tasks/prompts/parse-task-line.js';
import type { Question } from '../answer-question.js';
import { badRequest } from '../http-error.js';
import { checkFields } from '../read-json.js';
import { readMessages } from './read-messages.js';
import {
  between,
  clampTokens,
  ignoredFields,
  readSampling,
  refuseTools,
  samplingFields,
  wholeBetween,
} from './sampling-fields.js';

const LOGPROBS = 'message.output_text.logprobs';

const itemSchema = v.pipe(
  v.looseObject({ type: v.optional(v.string(), 'message'), role: v.optional(v.string(), '') }),
  v.check(({ type }) => type === 'message', 'Only items of type message are understood'),
);

const responsesSchema = v.strictObject({
  ...ignoredFields,
  ...samplingFields,
  input: v.union([v.string(), v.pipe(v.array(itemSchema), v.minLength(1), v.maxLength(1000))]),
  /** A system prompt; PaliGemma does not have one. */
  instructions: v.optional(v.string()),
  max_output_tokens: v.optional(wholeBetween(1, Number.MAX_SAFE_INTEGER)),
  stream: v.optional(v.boolean(), false),
  stream_options: v.optional(v.looseObject({})),
  text: v.optional(
    v.looseObject({
      format: v.optional(v.looseObject({ type: v.picklist(['text', 'json_object', 'json_schema']) })),
    }),
  ),
  top_logprobs: v.optional(between(0, 20)),
  include: v.optional(v.array(v.string()), []),
  truncation: v.optional(v.picklist(['auto', 'disabled'])),
  reasoning: v.optional(v.unknown()),
  background: v.optional(v.literal(false, 'Answers are not kept to be fetched later')),
});

/** A parsed request for a response. */
export interface ResponsesRequest {
  readonly question: Question;
  readonly modelName: string | undefined;
  readonly isStream: boolean;
  readonly isJson: boolean;
  readonly hasLogprobs: boolean;
  /** What the answer repeats. */
  readonly echoed: {
    readonly instructions: string | null;
    readonly max_output_tokens: number | null;
    readonly temperature: number;
    readonly top_p: number;
  };
}

/** @throws {HttpError} a field is unknown or its value is not allowed. {UsageError} the prompt cannot be asked. */
export function readResponsesRequest(
  body: Record<string, unknown>,
  allowsPrivate: boolean,
): ResponsesRequest {
  for (const name of ['previous_response_id', 'conversation', 'prompt']) {
    if (body[name] !== undefined) {
      throw badRequest(
        'Nothing is kept here that it could refer to.',
        name,
        'Send the whole conversation as input.',
      );
    }
  }
  const fields = checkFields(responsesSchema, refuseTools(body));
  const other = fields.include.find((name) => name !== LOGPROBS);
  if (other !== undefined && other !== 'reasoning.encrypted_content') {
    throw badRequest(`'${other.slice(0, 60)}' cannot be included.`, 'include', `There is: ${LOGPROBS}`);
  }
  const messages =
    typeof fields.input === 'string' ? [{ role: 'user', content: fields.input }] : fields.input;
  const names = { field: 'input', text: 'input_text', image: 'input_image' };
  const { text, pictures } = readMessages(messages, names, allowsPrivate);
  const hasLogprobs = fields.include.includes(LOGPROBS) || fields.top_logprobs !== undefined;
  return {
    question: {
      task: parseTaskLine(text, 'en'),
      inputs: [{ name: 'picture', pictures }],
      ...readSampling(fields),
      maxTokens: clampTokens(fields.max_output_tokens),
      alternatives: hasLogprobs ? (fields.top_logprobs ?? 0) : undefined,
    },
    modelName: fields.model,
    isStream: fields.stream,
    isJson: (fields.text?.format?.type ?? 'text') !== 'text',
    hasLogprobs,
    echoed: {
      instructions: fields.instructions ?? null,
      max_output_tokens: fields.max_output_tokens ?? null,
      temperature: fields.temperature,
      top_p: fields.top_p,
    },
  };
}
