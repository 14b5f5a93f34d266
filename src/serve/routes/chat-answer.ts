import type { ResultToken } from '../../base/task-result.js';
import type { TokenUsage } from '../meter-engine.js';

/** What every chunk of an answer begins with. */
export interface ChatHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** A token as OpenAI writes it, with the bytes of its text. */
export function toTokenLogprob(token: ResultToken): Record<string, unknown> {
  const top = (token.top ?? []).map(({ text = '', logprob }) => describeToken(text, logprob));
  return { ...describeToken(token.text, token.logprob), top_logprobs: top };
}

export function toUsage({ promptTokens, completionTokens }: TokenUsage): Record<string, unknown> {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function describeToken(token: string, logprob: number): Record<string, unknown> {
  return { token, logprob, bytes: [...Buffer.from(token)] };
}
