import { KeyDecoder } from './decode-keys.js';
import type { Key } from './key.js';

const BRACKETED_PASTE_ON = '\u001b[?2004h';
const BRACKETED_PASTE_OFF = '\u001b[?2004l';

/** Reads keys from a terminal in raw mode, in which it is from `start` to `stop`, except while paused. */
export class KeyReader {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: Pick<NodeJS.WriteStream, 'write'>;
  readonly #decoder = new KeyDecoder();
  #timer: NodeJS.Timeout | undefined;
  #onKey: (key: Key) => void = () => undefined;

  constructor(stdin: NodeJS.ReadStream, stdout: Pick<NodeJS.WriteStream, 'write'>) {
    this.#stdin = stdin;
    this.#stdout = stdout;
  }

  start(onKey: (key: Key) => void): void {
    this.#onKey = onKey;
    this.#stdin.setEncoding('utf8');
    this.#stdin.on('data', this.#read);
    this.resume();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#stdin.setRawMode?.(false);
    this.#stdin.pause();
    this.#stdout.write(BRACKETED_PASTE_OFF);
  }

  resume(): void {
    this.#stdin.setRawMode?.(true);
    this.#stdin.resume();
    this.#stdout.write(BRACKETED_PASTE_ON);
  }

  stop(): void {
    this.#stdin.off('data', this.#read);
    this.pause();
  }

  readonly #read = (text: string): void => {
    clearTimeout(this.#timer);
    for (const key of this.#decoder.push(text)) this.#onKey(key);
    const delayMs = this.#decoder.flushDelayMs;
    if (delayMs === undefined) return;
    this.#timer = setTimeout(() => {
      for (const key of this.#decoder.flush()) this.#onKey(key);
    }, delayMs);
  };
}
