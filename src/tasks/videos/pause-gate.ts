import { CancelledError } from '../../base/errors.js';

/** A gate that work passes before each piece, and that can be shut for a while. */
export class PauseGate {
  #isShut = false;
  readonly #waiting = new Set<() => void>();

  get isShut(): boolean {
    return this.#isShut;
  }

  toggle(): void {
    this.#isShut = !this.#isShut;
    if (this.#isShut) return;
    for (const goOn of this.#waiting) goOn();
    this.#waiting.clear();
  }

  /**
   * Wait while the gate is shut.
   * @throws {CancelledError} `signal` was aborted.
   */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#isShut && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const goOn = (): void => {
          this.#waiting.delete(goOn);
          signal.removeEventListener('abort', goOn);
          resolve();
        };
        this.#waiting.add(goOn);
        signal.addEventListener('abort', goOn, { once: true });
      });
    }
    if (signal.aborted) throw new CancelledError();
  }
}
