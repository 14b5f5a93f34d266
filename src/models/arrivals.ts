/** Files that are being fetched: whoever needs one waits for it. */
export class Arrivals {
  readonly #arrived = new Set<string>();
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void)[] = [];

  has(file: string): boolean {
    return this.#arrived.has(file);
  }

  /** A file is there, whole and checked. */
  add(file: string): void {
    this.#arrived.add(file);
    this.#wakeAll();
  }

  /** Nothing more will come: whoever waits gets this error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeAll();
  }

  /** Settles when the file is there. @throws what `fail` was given. */
  async waitFor(file: string): Promise<void> {
    while (!this.has(file)) {
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
