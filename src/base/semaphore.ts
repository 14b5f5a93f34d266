/** Lets so many in at a time, in the order in which they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Wait for one's turn. @returns what releases it for the next; calling it again does nothing. */
  async acquire(): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((admit) => this.#waiting.push(admit));
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const admitNext = this.#waiting.shift();
      if (admitNext === undefined) this.free++;
      else admitNext();
    };
  }
}
