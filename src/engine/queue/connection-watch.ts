import { joinHint } from '../../base/errors.js';
import type { QueueAddress } from './queue-address.js';
import { toQueueError } from './queue-errors.js';

/** Troubles that are over within this time, milliseconds, are not worth a word. */
const PATIENCE_MS = 2000;

/** Knows whether a queue's server can be reached, and says so once when it cannot, and once when it can again. */
export class ConnectionWatch {
  readonly #address: QueueAddress;
  readonly #onNote: (sentence: string) => void;
  #isOpen = false;
  #lostAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isTold = false;
  #reason: unknown;
  readonly #told = new Set<string>();

  constructor(address: QueueAddress, onNote: (sentence: string) => void) {
    this.#address = address;
    this.#onNote = onNote;
  }

  /** Whether it is worth connecting again. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How long the server has been away, milliseconds; 0 while it is there. */
  get lostForMs(): number {
    return this.#lostAt === undefined ? 0 : performance.now() - this.#lostAt;
  }

  /** Why, as a sentence with its next step. */
  get reason(): Error {
    return toQueueError(this.#reason ?? { message: 'timed out' }, this.#address);
  }

  open(): void {
    this.#isOpen = true;
  }

  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
  }

  lost(error?: unknown): void {
    if (!this.#isOpen) return;
    this.#reason = error ?? this.#reason;
    this.#lostAt ??= performance.now();
    this.#timer ??= setTimeout(() => {
      this.#isTold = true;
      this.#onNote(`${this.reason.message} Trying again.`);
    }, PATIENCE_MS).unref();
  }

  back(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#lostAt = this.#reason = undefined;
    if (this.#isTold) this.#onNote(`The queue ${this.#address.shown} is there again.`);
    this.#isTold = false;
  }

  /** Something else that the server or BullMQ complains about; each is said once. */
  trouble(error: unknown): void {
    const known = toQueueError(error, this.#address);
    if (!this.#isOpen || known.code === 'QUEUE_UNREACHABLE') {
      if (isConnectionError(error)) return this.lost(error);
    }
    if (!this.#isOpen || this.#told.has(known.message)) return;
    this.#told.add(known.message);
    this.#onNote(joinHint(known));
  }
}

/** Whether asking again later may help. */
export function isConnectionError(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return (
    /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ETIMEDOUT|EPIPE|57P0|08)/.test(code) ||
    /Connection (is closed|terminated|ended)|LOADING|timeout|timed out|not queryable|connection error/i.test(
      message,
    )
  );
}
