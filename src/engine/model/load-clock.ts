/**
 * What the parts of a load took, milliseconds: `checks` of files, `vision`, `decoder` (with a word where its weights
 * were packed ahead), `prompts` (the decoder that reads them, where that is another), `head`, `trial` (of packed weights that never ran), `self-test`, and
 * `tokenizer`: how long it was waited for at the end, as it is built beside the others.
 */
export type LoadTimes = Readonly<Record<string, number>>;

/** Measures the parts of a load. */
export class LoadClock {
  readonly #times: Record<string, number> = {};

  get times(): LoadTimes {
    return this.#times;
  }

  /**
   * Wait for work that has just begun. A part that comes again adds to what it took.
   * @param part its name, where that depends on what came of it.
   */
  async time<T>(part: string | ((result: T) => string), work: Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let name = typeof part === 'string' ? part : undefined;
    try {
      const result = await work;
      if (typeof part !== 'string') name = part(result);
      return result;
    } finally {
      if (name !== undefined) this.#times[name] = (this.#times[name] ?? 0) + performance.now() - startedAt;
    }
  }
}
