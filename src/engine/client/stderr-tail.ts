import { StringDecoder } from 'node:string_decoder';
import { stripControl } from '../../base/strip-control.js';

/** Characters kept: a native crash report or the stack of an exception. */
const TAIL_CHARACTERS = 8192;

/** The end of a process's stderr, safe to show: without escapes and control characters. */
export class StderrTail {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  /** Add what just arrived. */
  write(chunk: Buffer): void {
    this.#text = (this.#text + this.#decoder.write(chunk)).slice(-TAIL_CHARACTERS);
  }

  /** At most 8192 characters. */
  get text(): string {
    return stripControl(this.#text).trim();
  }
}
