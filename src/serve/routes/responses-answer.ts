import { randomUUID } from 'node:crypto';
import type { TaskResult } from '../../base/task-result.js';
import { toContent, toDetails } from '../answer-content.js';
import type { ErrorBody } from '../http-error.js';
import type { TokenUsage } from '../meter-engine.js';
import { toTokenLogprob } from './chat-answer.js';
import type { ResponsesRequest } from './responses-request.js';

/** Builds the objects of one response: they share ids, the time and what the request contained. */
export class ResponseBuilder {
  readonly messageId = newId('msg');
  readonly #request: ResponsesRequest;
  readonly #head: Record<string, unknown>;

  constructor(request: ResponsesRequest, model: string) {
    this.#request = request;
    this.#head = { id: newId('resp'), object: 'response', created_at: Math.floor(Date.now() / 1000), model };
  }

  /** The response while there is no answer yet. */
  begun(): Record<string, unknown> {
    return this.#build('in_progress', []);
  }

  finished(result: TaskResult, usage: TokenUsage): Record<string, unknown> {
    const isCut = result.truncated === true;
    return {
      ...this.#build(isCut ? 'incomplete' : 'completed', [this.message(result)], usage),
      ...(isCut && { incomplete_details: { reason: 'max_output_tokens' } }),
      pali: toDetails(result),
    };
  }

  failed({ error: { code, message } }: ErrorBody): Record<string, unknown> {
    return { ...this.#build('failed', []), error: { code, message } };
  }

  /** The only item in the output. */
  message(result?: TaskResult): Record<string, unknown> {
    const head = { id: this.messageId, type: 'message', role: 'assistant' };
    if (result === undefined) return { ...head, status: 'in_progress', content: [] };
    const status = result.truncated ? 'incomplete' : 'completed';
    return { ...head, status, content: [this.part(toContent(result, this.#request.isJson), result)] };
  }

  part(text: string, result?: TaskResult): Record<string, unknown> {
    const tokens = this.#request.hasLogprobs ? (result?.tokens ?? []) : [];
    return { type: 'output_text', text, annotations: [], logprobs: tokens.map(toTokenLogprob) };
  }

  #build(status: string, output: readonly unknown[], usage?: TokenUsage): Record<string, unknown> {
    return {
      ...this.#head,
      status,
      background: false,
      error: null,
      incomplete_details: null,
      output,
      ...this.#request.echoed,
      parallel_tool_calls: false,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      store: false,
      text: { format: { type: this.#request.isJson ? 'json_object' : 'text' } },
      tool_choice: 'none',
      tools: [],
      truncation: 'disabled',
      usage: usage === undefined ? null : toResponseUsage(usage),
      user: null,
      metadata: {},
    };
  }
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}

function toResponseUsage({ promptTokens, completionTokens }: TokenUsage): Record<string, unknown> {
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: completionTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: promptTokens + completionTokens,
  };
}
