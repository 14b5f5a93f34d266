import type { GenerationRules } from '../../base/model-files/generation-rules.js';
import { isEnd, type TokenIds } from '../../base/model-spec.js';

/** What the rules look at besides the answer. */
export interface LogitContext {
  /** All ids before the answer, those of the pictures included. */
  readonly promptIds: readonly number[];
  readonly tokens: Pick<TokenIds, 'eos' | 'moreEnds'>;
}

/**
 * Rules of a checkpoint about which tokens may come, as transformers' logits processors apply them in this order:
 * repetition penalty, n-grams, bad words, shortest length, suppressed tokens.
 */
export class LogitRules {
  readonly #ids: number[];
  readonly #seen: Set<number>;
  #generated = 0;
  #banned: Set<number>;

  constructor(
    private readonly rules: GenerationRules,
    private readonly context: LogitContext,
  ) {
    this.#ids = [...context.promptIds];
    this.#seen = new Set(this.#ids);
    this.#banned = this.#listBanned();
  }

  /** The answer goes on with this token. */
  push(id: number): void {
    this.#ids.push(id);
    this.#seen.add(id);
    this.#generated++;
    this.#banned = this.#listBanned();
  }

  /** What becomes of a token's logit at this step; undefined when it must not come. */
  adjust(id: number, logit: number): number | undefined {
    if (this.#banned.has(id) || (this.#isTooShort() && isEnd(this.context.tokens, id))) return undefined;
    const { repetitionPenalty: penalty } = this.rules;
    if (penalty === undefined || !this.#seen.has(id)) return logit;
    return logit < 0 ? logit * penalty : logit / penalty;
  }

  #isTooShort(): boolean {
    const { minNewTokens = 0, minLength = 0 } = this.rules;
    return this.#generated < minNewTokens || this.#ids.length < minLength;
  }

  #listBanned(): Set<number> {
    const { suppressTokens = [], beginSuppressTokens = [] } = this.rules;
    return new Set([
      ...suppressTokens,
      ...(this.#generated === 0 ? beginSuppressTokens : []),
      ...this.#listRepeats(),
      ...this.#listBadEnds(),
    ]);
  }

  /** Tokens that would complete a sequence that was there before. */
  #listRepeats(): number[] {
    const size = this.rules.noRepeatNgramSize;
    const ids = this.#ids;
    if (size === undefined || ids.length + 1 < size) return [];
    const tail = ids.slice(ids.length - size + 1);
    const repeats: number[] = [];
    for (let start = 0; start + size <= ids.length; start++) {
      if (tail.every((id, i) => ids[start + i] === id)) repeats.push(ids[start + size - 1]);
    }
    return repeats;
  }

  #listBadEnds(): number[] {
    const ids = this.#ids;
    return (this.rules.badWords ?? []).flatMap((word) => {
      const before = word.slice(0, -1);
      // transformers leaves out what would only forbid the end.
      if (word.length === 1 && isEnd(this.context.tokens, word[0])) return [];
      const isHere =
        before.length <= ids.length && before.every((id, i) => ids[ids.length - before.length + i] === id);
      return isHere ? [word[word.length - 1]] : [];
    });
  }
}
