import { makeKey, makeLetter, type Key } from './key.js';
import { readControl, readEscape } from './read-escape.js';

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

// eslint-disable-next-line no-control-regex -- what a terminal sends
const PLAIN = /^[^\x00-\x1f\x7f-\x9f]+/;

/**
 * Turns what a terminal sends in raw mode into keys. Pieces may end anywhere: an unfinished sequence waits for the
 * next piece, or for `flush`. Answers of the terminal to queries are dropped.
 */
export class KeyDecoder {
  #rest = '';
  /** The text pasted so far; undefined outside a paste. */
  #pasted: string | undefined;

  /** Whether an Escape may be a key of its own: call `flush` when nothing follows it soon. */
  get isWaiting(): boolean {
    return this.#pasted === undefined && this.#rest !== '';
  }

  push(piece: string): Key[] {
    this.#rest += piece;
    const keys: Key[] = [];
    while (this.#rest !== '') {
      const used = this.#pasted === undefined ? this.#readKey(keys) : this.#readPaste(keys);
      if (used === 0) break;
      this.#rest = this.#rest.slice(used);
    }
    return keys;
  }

  /** Nothing followed: what waited is what it looks like. */
  flush(): Key[] {
    if (!this.isWaiting) return [];
    const rest = this.#rest;
    this.#rest = '';
    if (rest === '\u001b') return [makeKey('escape')];
    if (rest === '\u001b[' || rest === '\u001bO') return [makeLetter(rest[1], { alt: true })];
    return [];
  }

  /** @returns how many characters were used; 0 when more must come first. */
  #readKey(keys: Key[]): number {
    const text = this.#rest;
    const plain = PLAIN.exec(text)?.[0];
    if (plain !== undefined) {
      keys.push({ type: 'text', text: plain });
      return plain.length;
    }
    if (text[0] !== '\u001b') {
      const key = readControl(text[0]);
      if (key !== undefined) keys.push(key);
      return 1;
    }
    if (text.startsWith(PASTE_START)) {
      this.#pasted = '';
      return PASTE_START.length;
    }
    return readEscape(text, keys);
  }

  #readPaste(keys: Key[]): number {
    const end = this.#rest.indexOf(PASTE_END);
    if (end === -1) {
      // The end may be cut in two.
      const used = Math.max(0, this.#rest.length - PASTE_END.length + 1);
      this.#pasted += this.#rest.slice(0, used);
      return used;
    }
    const text = (this.#pasted ?? '') + this.#rest.slice(0, end);
    keys.push({ type: 'paste', text: text.replace(/\r\n?/g, '\n') });
    this.#pasted = undefined;
    return end + PASTE_END.length;
  }
}
