import type { Clock } from './clock.js';

/** The rate is that of this last stretch: long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 8000;

/** How fast bytes come, from the amounts and moments of the last seconds. */
export class TransferRate {
  readonly #samples: { atMs: number; bytes: number }[] = [];

  constructor(private readonly clock: Clock) {}

  add(bytes: number): void {
    const atMs = this.clock.now();
    const last = this.#samples.at(-1);
    // One sample covers a tenth of a second: a fast connection delivers thousands of chunks a second.
    if (last && this.#samples.length > 1 && atMs - last.atMs < 100) last.bytes += bytes;
    else this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - this.#samples[0].atMs > WINDOW_MS) this.#samples.shift();
  }

  /** 0 until there are two samples. */
  get bytesPerSecond(): number {
    if (this.#samples.length < 2) return 0;
    const spanMs = this.clock.now() - this.#samples[0].atMs;
    // The first sample's bytes arrived before its timestamp.
    const bytes = this.#samples.slice(1).reduce((sum, sample) => sum + sample.bytes, 0);
    return spanMs > 0 ? (bytes * 1000) / spanMs : 0;
  }
}
