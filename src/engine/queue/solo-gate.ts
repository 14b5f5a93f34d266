/** Lets works run together, but some alone: such a one waits until all others have ended, and others wait for it. */
export class SoloGate {
  #together = 0;
  #isSolo = false;
  readonly #waiting: { readonly isSolo: boolean; readonly start: () => void }[] = [];

  /** Run `work` when its turn comes. */
  async run<T>(isSolo: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.#waiting.push({ isSolo, start });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      if (isSolo) this.#isSolo = false;
      else this.#together--;
      this.#admit();
    }
  }

  /** In order of arrival, so that nobody waits for ever. */
  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isSolo || (next.isSolo && this.#together > 0)) return;
      this.#waiting.shift();
      if (next.isSolo) this.#isSolo = true;
      else this.#together++;
      next.start();
    }
  }
}
