/** Longest stretch of tokens that is checked for repetition. */
const MAX_CHUNK_TOKENS = 32;
/** How often a stretch must occur in a row to count as a loop. */
const MIN_COPIES = 4;
/** And how many tokens all copies must have together: `2000000` and `ha ha ha ha` are not loops. */
const MIN_REPEATED_TOKENS = 16;

/** Finds the point where a text does nothing but repeat its last 1 to 32 tokens. 32 comparisons a token. */
export class RepeatedText {
  private recent: number[] = [];
  /** At [n]: how many tokens up to now each equal the one n before it. */
  private readonly runs = new Int32Array(MAX_CHUNK_TOKENS + 1);

  /** @returns how many tokens at the end repeat what comes before them; 0 when there is no loop. */
  push(id: number): number {
    let repeated = 0;
    for (let chunk = MAX_CHUNK_TOKENS; chunk >= 1; chunk--) {
      const isSame = this.recent.at(-chunk) === id;
      this.runs[chunk] = isSame ? this.runs[chunk] + 1 : 0;
      const run = this.runs[chunk];
      // The run leaves out the first copy. The shortest chunk that fits is the loop, so the last one wins.
      if (run >= (MIN_COPIES - 1) * chunk && run + chunk >= MIN_REPEATED_TOKENS) repeated = run;
    }
    this.recent.push(id);
    if (this.recent.length > 2 * MAX_CHUNK_TOKENS) this.recent = this.recent.slice(-MAX_CHUNK_TOKENS);
    return repeated;
  }

  /** Start over: what comes next does not continue what came before. */
  reset(): void {
    this.recent = [];
    this.runs.fill(0);
  }
}
