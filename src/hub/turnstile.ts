/** Lets so many in at a time, in the order in which they came. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Wait for one's turn. @returns a function that makes room for the next; calling it again does nothing. */
  async enter(): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((admit) => this.#waiting.push(admit));
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const admitNext = this.#waiting.shift();
      if (admitNext === undefined) this.free++;
      else admitNext();
    };
  }
}
