const SLOWEST = 1 / 8;
const FASTEST = 8;
/** On a terminal that is too slow for every frame one of so many is shown, however late. */
const MOST_DROPPED = 10;

/** When the frames of a video that is played are due. It starts with the first frame that is waited for. */
export class PlayClock {
  readonly #now: () => number;
  #speed: number;
  /** When, and where, it was started. */
  #started: { readonly wallMs: number; readonly seconds: number } | undefined;
  #late = 0;

  /**
   * @param speed 1 is as it was recorded.
   * @param now milliseconds.
   */
  constructor(speed: number, now: () => number) {
    this.#speed = speed;
    this.#now = now;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Start again with the next frame. */
  stop(): void {
    this.#started = undefined;
  }

  changeSpeed(factor: number): void {
    this.#speed = Math.min(FASTEST, Math.max(SLOWEST, this.#speed * factor));
    this.stop();
  }

  /** Milliseconds until a time of the video has come; below 0 where it is over. */
  waitMs(seconds: number): number {
    this.#started ??= { wallMs: this.#now(), seconds };
    return this.#dueAt(seconds, this.#started) - this.#now();
  }

  /** Whether a frame comes when the next one is due. @param isHeld then none does. */
  isLate({ timeSeconds, endSeconds }: Times, isHeld: boolean): boolean {
    const started = this.#started;
    if (started === undefined || isHeld || this.#late >= MOST_DROPPED) {
      this.#late = 0;
      return false;
    }
    const isLate = this.#dueAt(Math.max(timeSeconds, endSeconds), started) < this.#now();
    this.#late = isLate ? this.#late + 1 : 0;
    return isLate;
  }

  #dueAt(seconds: number, started: { readonly wallMs: number; readonly seconds: number }): number {
    return started.wallMs + ((seconds - started.seconds) * 1000) / this.#speed;
  }
}

interface Times {
  readonly timeSeconds: number;
  readonly endSeconds: number;
}
