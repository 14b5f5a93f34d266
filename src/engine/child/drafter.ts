/** Tokens of the answer's end that must have come before in it for what followed there to be a draft. */
const MATCHED_TOKENS = 3;
/** A draft from the answer itself is a guess: it starts short. */
const FIRST_REPEAT = 4;
/** After drafts that were mostly wrong this many runs at most go without one. */
const LONGEST_PAUSE = 32;

/**
 * Guesses how an answer goes on: as another answer did at the same place, that of the frame before; else as the answer
 * itself went on when its last tokens came before. A guess costs more than a token and saves one for each token that
 * is right, so it becomes shorter, and is left out for a while, as it goes wrong.
 */
export class Drafter {
  readonly #answer: readonly number[];
  readonly #findsRepeats: boolean;
  #length: number;
  #pause = 0;
  #failures = 0;

  /**
   * @param answer tokens of an answer to the same question about a similar picture; none where there is none.
   * @param findsRepeats whether what comes again is likely to go on as before: not where the coordinates of boxes follow.
   */
  constructor(answer: readonly number[], findsRepeats: boolean) {
    this.#answer = answer;
    this.#findsRepeats = findsRepeats;
    this.#length = answer.length > 0 ? Infinity : FIRST_REPEAT;
  }

  /** @param ids the answer so far. @param limit at most this many. */
  propose(ids: readonly number[], limit: number): readonly number[] {
    if (this.#pause > 0) {
      this.#pause--;
      return [];
    }
    const count = Math.min(limit, this.#length);
    const before = this.#answer.slice(ids.length, ids.length + count);
    if (before.length > 0 || !this.#findsRepeats) return before;
    return findRepeat(ids).slice(0, count);
  }

  /** How many tokens of the last draft were right. */
  note(drafted: number, accepted: number): void {
    if (accepted === drafted) {
      this.#failures = 0;
      this.#length = Math.max(this.#length, 2 * drafted);
      return;
    }
    this.#length = Math.max(2, accepted);
    if (accepted * 2 >= drafted) return;
    this.#failures++;
    this.#pause = Math.min(LONGEST_PAUSE, 2 ** this.#failures);
  }
}

/** What followed the last place where the answer's last tokens stood before; empty when there is none. */
function findRepeat(ids: readonly number[]): readonly number[] {
  const start = ids.length - MATCHED_TOKENS;
  for (let at = start - 1; at >= 0; at--) {
    let matched = 0;
    while (matched < MATCHED_TOKENS && ids[at + matched] === ids[start + matched]) matched++;
    if (matched === MATCHED_TOKENS) return ids.slice(at + MATCHED_TOKENS);
  }
  return [];
}
