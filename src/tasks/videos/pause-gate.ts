import { CancelledError } from '../../base/errors.js';
import { onAbort } from '../../base/signals/on-abort.js';

/** A gate that each piece of work passes first, and that can be shut for a while. */
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
          stopListening();
          resolve();
        };
        this.#waiting.add(goOn);
        const stopListening = onAbort(signal, goOn);
      });
    }
    if (signal.aborted) throw new CancelledError();
  }
}
