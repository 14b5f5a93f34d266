import type { ResultToken } from '../../base/task-result.js';
import type { GeneratedToken } from '../../engine/engine.js';

/** A token as results carry it: with its alternatives when some were asked for. */
export function toResultToken(
  { id, text, logprob, top }: GeneratedToken,
  alternatives: number | undefined,
): ResultToken {
  return alternatives ? { id, text, logprob, top } : { id, text, logprob };
}
