/**
 * A queue with one reader: what is pushed comes out in order, then the end or the failure. Ending it from
 * either side is immediate, also while the reader waits.
 */
export class EventQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = [];
  readonly #waiting: {
    resolve: (result: IteratorResult<T, undefined>) => void;
    reject: (reason: Error) => void;
  }[] = [];
  #state: 'open' | 'ended' | { readonly error: Error } = 'open';
  readonly #onStart: () => void;
  readonly #onLeave: () => void;
  #hasStarted = false;

  /**
   * @param onStart called at the reader's first `next`. @param onLeave called when the reader leaves before
   * the end.
   */
  constructor(onStart: () => void, onLeave: () => void) {
    this.#onStart = onStart;
    this.#onLeave = onLeave;
  }

  /** Does nothing after the end. */
  push(item: T): void {
    if (this.#state !== 'open') return;
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#items.push(item);
    else reader.resolve({ value: item, done: false });
  }

  /** No more items; those already pushed are still read. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    for (const reader of this.#waiting.splice(0)) reader.resolve({ value: undefined, done: true });
  }

  /** The reader's next call fails with `error`, once; items not yet read are dropped. */
  fail(error: Error): void {
    if (this.#state !== 'open') return;
    this.#items.length = 0;
    const reader = this.#waiting.shift();
    if (reader === undefined) {
      this.#state = { error };
      return;
    }
    this.#state = 'ended';
    reader.reject(error);
    for (const other of this.#waiting.splice(0)) other.resolve({ value: undefined, done: true });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      this.#onStart();
    }
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve({ value: item, done: false });
    if (this.#state === 'open') {
      return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    }
    if (this.#state === 'ended') return Promise.resolve({ value: undefined, done: true });
    const { error } = this.#state;
    this.#state = 'ended';
    return Promise.reject(error);
  }

  return(): Promise<IteratorResult<T, undefined>> {
    const wasOpen = this.#state === 'open';
    this.end();
    this.#state = 'ended';
    this.#items.length = 0;
    if (wasOpen && this.#hasStarted) this.#onLeave();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
