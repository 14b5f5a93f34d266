/** Frames whose rate is told. */
const RATE_FRAMES = 20;

/** How many frames a second were shown, of the last ones. */
export class FrameRate {
  readonly #shownAt: number[] = [];

  /** @param atMs when a frame was shown, milliseconds. */
  add(atMs: number): void {
    this.#shownAt.push(atMs);
    if (this.#shownAt.length > RATE_FRAMES) this.#shownAt.shift();
  }

  clear(): void {
    this.#shownAt.length = 0;
  }

  /** 0 as long as it is not known. */
  get perSecond(): number {
    const [first] = this.#shownAt;
    const last = this.#shownAt.at(-1);
    const count = this.#shownAt.length - 1;
    return last !== undefined && last > first ? (count * 1000) / (last - first) : 0;
  }
}
