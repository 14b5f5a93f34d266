import { imageTokenCount, type ModelSpec } from '../../base/model-spec.js';
import { buildPromptIds } from '../../tokens/build-prompt.js';
import type { PaliTokenizer } from '../../tokens/tokenizer.js';
import type { EngineRequest } from '../engine.js';
import { Generation } from './generate.js';
import { LogitRules } from './logit-rules.js';

/** A request on its way through the scheduler. */
export interface Job {
  readonly id: number;
  readonly request: EngineRequest;
  readonly promptIds: readonly number[];
  /** Positions before the answer: image tokens and prompt. */
  readonly prefixLength: number;
  readonly generation: Generation;
  /** Cancelled: it has no further output, and the scheduler releases it at its next step. */
  isCancelled: boolean;
  visionMs: number;
  prefillMs: number;
  /** When its first logits arrived, by performance.now. */
  startedAt: number;
}

/**
 * @param id the caller's.
 * @throws {UsageError} the prompt is not valid.
 */
export function createJob(
  id: number,
  request: EngineRequest,
  spec: ModelSpec,
  tokenizer: PaliTokenizer,
): Job {
  const promptIds = buildPromptIds(tokenizer, request.prompt);
  const imageTokens = imageTokenCount(spec.vision) * request.images.length;
  const rules =
    spec.generation &&
    new LogitRules(spec.generation, {
      promptIds: [...new Array<number>(imageTokens).fill(tokenizer.tokens.image), ...promptIds],
      tokens: tokenizer.tokens,
    });
  return {
    id,
    request,
    promptIds,
    prefixLength: imageTokens + promptIds.length,
    generation: new Generation(request, tokenizer, rules),
    isCancelled: false,
    visionMs: 0,
    prefillMs: 0,
    startedAt: 0,
  };
}
