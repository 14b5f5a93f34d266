import type { Engine } from '../models/open-engine.js';

/** Longest time of a timer of Node's, milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** An engine that is opened when it is first needed, and closed some time after it was last. */
export class LentEngine {
  readonly #open: () => Promise<Engine>;
  readonly #keepAliveMs: number;
  #engine: Promise<Engine> | undefined;
  #uses = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param keepAliveMs 0 at once, -1 never. */
  constructor(open: () => Promise<Engine>, keepAliveMs: number) {
    this.#open = open;
    this.#keepAliveMs = keepAliveMs;
  }

  /** @throws what opening and the work throw; the next use opens it again. */
  async use<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    this.#uses++;
    try {
      const opening = (this.#engine ??= this.#open());
      const engine = await opening.catch((error: unknown) => {
        if (this.#engine === opening) this.#engine = undefined;
        throw error;
      });
      return await work(engine);
    } finally {
      this.#uses--;
      if (this.#uses === 0 && this.#keepAliveMs >= 0) {
        this.#timer = setTimeout(() => void this.close(), Math.min(this.#keepAliveMs, MAX_TIMER_MS));
        this.#timer.unref();
      }
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const engine = await this.#engine?.catch(() => undefined);
    this.#engine = undefined;
    await engine?.close();
  }
}
