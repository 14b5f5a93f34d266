/**
 * What the parts of a load took, milliseconds: `checks` of files, `vision`, `decoder`, `self-test`, and `tokenizer`:
 * how long it was waited for at the end, as it is built beside the others.
 */
export type LoadTimes = Readonly<Record<string, number>>;

/** Measures the parts of a load. */
export class LoadClock {
  readonly #times: Record<string, number> = {};

  get times(): LoadTimes {
    return this.#times;
  }

  /** Wait for work that has just begun. A part that comes again adds to what it took. */
  async time<T>(part: string, work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work;
    } finally {
      this.#times[part] = (this.#times[part] ?? 0) + performance.now() - startedAt;
    }
  }
}
