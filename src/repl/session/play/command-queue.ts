import { CancelledError } from '../../../base/errors.js';
import { onAbort } from '../../../base/signals/on-abort.js';
import type { PlayerCommand } from './player-screen.js';

/** What the user has asked of a player, in order; and waiting, which a command ends. */
export class CommandQueue {
  readonly #commands: PlayerCommand[] = [];
  readonly #signal: AbortSignal;
  /** Aborted when the user leaves: nothing is waited for any longer. */
  readonly #stopped = new AbortController();
  #wake: () => void = () => undefined;

  /** @param signal ends all waiting. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Aborted by the command `stop`. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  get isEmpty(): boolean {
    return this.#commands.length === 0;
  }

  add(command: PlayerCommand): void {
    this.#commands.push(command);
    if (command === 'stop') this.#stopped.abort(new CancelledError());
    this.#wake();
  }

  /** The oldest, if there is one. */
  take(): PlayerCommand | undefined {
    return this.#commands.shift();
  }

  /** The oldest, waited for where there is none. @throws {CancelledError} the signal was aborted. */
  async next(): Promise<PlayerCommand> {
    while (this.isEmpty) await this.sleep(undefined);
    return this.#commands.shift()!;
  }

  /**
   * Until the time is over, or a command comes.
   * @param milliseconds undefined for any time.
   * @throws {CancelledError} the signal was aborted.
   */
  async sleep(milliseconds: number | undefined): Promise<void> {
    this.#signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      const stopListening = onAbort(this.#signal, () => this.#wake());
      this.#wake = () => {
        clearTimeout(timer);
        stopListening();
        resolve();
      };
    });
    this.#wake();
    this.#wake = () => undefined;
    this.#signal.throwIfAborted();
  }
}
