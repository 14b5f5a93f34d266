/** Longest run of words that caption metrics compare. */
export const MAX_NGRAM = 4;

/** Words of one vocabulary at most; a pair of numbers makes a key below 2^53. */
const MAX_WORDS = 2 ** 22;

/** The runs of 1 to 4 words of a caption: for each length, the number of each run and how often it is there. */
export type NgramCounts = readonly ReadonlyMap<number, number>[];

/** Gives every run of words that it meets a number. The same run has the same number in all captions of a counter. */
export class NgramCounter {
  readonly #words = new Map<string, number>();
  /** By the number of the run without its last word, and that word. */
  readonly #longer = new Map<number, number>();
  #runs = 0;

  /** Runs met so far: their numbers are below this. */
  get size(): number {
    return this.#runs;
  }

  /** @returns counts by length, [0] of single words. */
  count(words: readonly string[]): NgramCounts {
    const counts = Array.from({ length: MAX_NGRAM }, () => new Map<number, number>());
    const ids = words.map((word) => this.#wordId(word));
    for (let start = 0; start < ids.length; start++) {
      let run = 0;
      for (let length = 0; length < MAX_NGRAM && start + length < ids.length; length++) {
        run = this.#runId(run, ids[start + length]);
        counts[length].set(run, (counts[length].get(run) ?? 0) + 1);
      }
    }
    return counts;
  }

  #wordId(word: string): number {
    let id = this.#words.get(word);
    if (id === undefined) {
      id = this.#words.size;
      if (id >= MAX_WORDS) throw new RangeError('Captions with more than four million different words.');
      this.#words.set(word, id);
    }
    return id;
  }

  /** @param run number of the run before, 0 for none. */
  #runId(run: number, word: number): number {
    const key = run * MAX_WORDS + word;
    let id = this.#longer.get(key);
    if (id === undefined) {
      id = ++this.#runs;
      this.#longer.set(key, id);
    }
    return id;
  }
}
