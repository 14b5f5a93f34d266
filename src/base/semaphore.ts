/** Admits up to `free` callers at once, in order of arrival. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Wait for a turn. @returns a function that passes the turn on; calling it again does nothing. */
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
 * Run at most `limit` calls at once; the others wait in order of arrival.
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
