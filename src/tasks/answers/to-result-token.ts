import type { ResultToken } from '../../base/task-result.js';
import type { GeneratedToken } from '../../engine/engine.js';

/** A token as it appears in results: with its alternatives if any were requested. */
export function toResultToken(
  { id, text, logprob, top }: GeneratedToken,
  alternatives: number | undefined,
): ResultToken {
  return alternatives ? { id, text, logprob, top } : { id, text, logprob };
}
