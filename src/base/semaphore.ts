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

/**
 * Let at most so many calls be under way at once; the others wait in order.
 * @param limit 1 or more.
 */
export function limitConcurrency(limit: number): <T>(call: () => Promise<T>) => Promise<T> {
  const turns = new Semaphore(limit);
  return async (call) => {
    const release = await turns.acquire();
    try {
      return await call();
    } finally {
      release();
    }
  };
}
