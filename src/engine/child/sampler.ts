import { EngineError } from '../../base/errors.js';
import { LOC_TOKENS, SEG_TOKENS, type TokenIds } from '../../base/model-spec.js';
import type { RecordGrammar } from '../../tokens/record-grammar.js';
import type { SamplingOptions, ScoredToken } from '../engine.js';
import type { LogitRules } from './logit-rules.js';
import type { StepLogits } from '../model/loaded-model.js';
import type { SeededRandom } from './seeded-random.js';

/** What the choice of a token depends on besides the logits. */
export interface PickOptions {
  readonly sampling: SamplingOptions;
  /** Used once for each token when the temperature is above 0. */
  readonly random: Pick<SeededRandom, 'next'>;
  readonly tokens: Pick<TokenIds, 'eos' | 'firstLoc'>;
  /** When absent, any token may come. */
  readonly grammar?: Pick<RecordGrammar, 'allows' | 'expected'> & Partial<Pick<RecordGrammar, 'choices'>>;
  /** Absent: the checkpoint has none. */
  readonly rules?: Pick<LogitRules, 'adjust'>;
}

interface Candidate {
  readonly id: number;
  /** As the rules of the checkpoint leave it. */
  readonly logit: number;
  /** As the model gave it. */
  readonly given: number;
}

/**
 * Choose the next token. Temperature 0 takes the likeliest, the first one on a tie. Otherwise one is drawn from the
 * likeliest 64 of the vocabulary (as many as StepLogits holds), temperature first, then top-p over their sum; tokens
 * below the top 64 are never drawn. With a grammar only what it allows takes part, including every location or code
 * token; when nothing likely is allowed the answer ends, if it may. The checkpoint's own rules are applied before both.
 * @returns the token, with its probability without temperature, grammar or rules.
 * @throws {EngineError} the model's numbers are not finite.
 */
export function pickToken(logits: StepLogits, options: PickOptions): ScoredToken {
  if (!Number.isFinite(logits.logSumExp)) {
    throw new EngineError('ENGINE_NOT_FINITE', 'The model gave numbers that are not finite.', {
      hint: 'The device or the dtype lacks precision for this model: try --device cpu, or another dtype.',
    });
  }
  const candidates = listCandidates(logits, options);
  const { temperature } = options.sampling;
  const picked = temperature === 0 ? pickBest(candidates) : drawOne(candidates, options);
  return { id: picked.id, logprob: picked.given - logits.logSumExp };
}

/** The likeliest `count` tokens of the unconstrained model, best first. */
export function listAlternatives(logits: StepLogits, count: number): ScoredToken[] {
  return Array.from(logits.topIds.subarray(0, count), (id, i) => ({
    id,
    logprob: logits.topValues[i] - logits.logSumExp,
  }));
}

/** At least one; those of the whole vocabulary likeliest first, unless rules changed that. */
function listCandidates(logits: StepLogits, options: PickOptions): Candidate[] {
  const { grammar, tokens, rules } = options;
  const allows = (id: number): boolean => grammar?.allows(id) ?? true;
  const candidates: Candidate[] = [];
  const offer = (id: number, given: number): void => {
    const logit = rules === undefined ? given : rules.adjust(id, given);
    if (logit !== undefined && allows(id)) candidates.push({ id, logit, given });
  };
  logits.topIds.forEach((id, i) => offer(id, logits.topValues[i]));
  // An answer that may end here ends, rather than continue with something the model finds unlikely.
  const lowest = logits.topValues[logits.topValues.length - 1];
  const mayEnd =
    allows(tokens.eos) && (rules === undefined || rules.adjust(tokens.eos, lowest) !== undefined);
  if (candidates.length === 0 && mayEnd) return [{ id: tokens.eos, logit: lowest, given: lowest }];
  const mayBePlace = grammar === undefined ? candidates.length === 0 : grammar.expected !== 'label-or-end';
  if (mayBePlace) {
    const known = new Set(logits.topIds);
    for (let i = 0; i < LOC_TOKENS + SEG_TOKENS; i++) {
      const id = tokens.firstLoc + i;
      if (!known.has(id)) offer(id, logits.locSegLogits[i]);
    }
  }
  // A bound label goes on, however unlikely.
  if (candidates.length === 0) for (const id of grammar?.choices ?? []) offer(id, lowest);
  if (candidates.length > 0) return candidates;
  if (rules === undefined) throw new Error(`No token is possible where ${grammar?.expected} is expected.`);
  throw new EngineError('GENERATION_RULES', 'The rules of the checkpoint forbid every likely token.', {
    hint: 'See generation_config.json of the checkpoint, and what pali show says of it.',
  });
}

function pickBest(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((best, candidate) => (candidate.logit > best.logit ? candidate : best));
}

function drawOne(candidates: readonly Candidate[], { sampling, random }: PickOptions): Candidate {
  const sorted = [...candidates].sort((a, b) => b.logit - a.logit);
  const weights = sorted.map(({ logit }) => Math.exp((logit - sorted[0].logit) / sampling.temperature));
  const wanted = weights.reduce((sum, weight) => sum + weight, 0) * sampling.topP;
  let count = 0;
  let kept = 0;
  while (count < sorted.length && (count === 0 || kept < wanted)) kept += weights[count++];
  let rest = random.next() * kept;
  for (let i = 0; i < count; i++) {
    rest -= weights[i];
    if (rest < 0) return sorted[i];
  }
  // Rounding may leave a remainder: take the last one kept.
  return sorted[count - 1];
}
