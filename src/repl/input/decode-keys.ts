import { makeKey, makeLetter, type Key } from './key.js';
import { readControl, readEscape } from './read-escape.js';

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

/** Longest paste that is kept, UTF-16 units: more than the input line takes. */
const MAX_PASTE_CHARACTERS = 1_000_000;

/** What a key may be by itself, and a longer sequence may begin with. */
const MAY_BE_KEYS = new Set(['\u001b', '\u001b[', '\u001bO']);

// eslint-disable-next-line no-control-regex -- what a terminal sends
const PLAIN = /^[^\x00-\x1f\x7f-\x9f]+/;

/** An Escape that nothing follows for this long is the key: sequences arrive in one piece. Milliseconds. */
const ESCAPE_DELAY_MS = 40;
/** A sequence that has begun beyond doubt, such as a terminal's reply, may come in pieces over a slow line. */
const SEQUENCE_DELAY_MS = 500;
/** A paste arrives without long pauses; when it stops for this long, its end was lost. */
const PASTE_DELAY_MS = 1000;

/** The rest of a sequence whose Escape came in a piece of its own, far too late. Nobody types this at once. */
const LATE_SEQUENCE = /^(?:\[[0-?]+[ -/]*[@-~]|\[M[^]{3}|[P\]_^X])/;

/**
 * Turns what a terminal sends in raw mode into keys. Pieces may end anywhere: an unfinished sequence waits for the
 * next piece, or for `flush`. Answers of the terminal to queries are dropped. Nothing that a terminal sends can make
 * it swallow keys for good: a paste or a sequence that never ends is over when nothing has come for a while.
 */
export class KeyDecoder {
  #rest = '';
  /** The text pasted so far; undefined outside a paste. */
  #pasted: string | undefined;
  /** A paste was given up: its end may still come. */
  #hasLostEnd = false;
  /** The last key was an Escape that nothing followed in time. */
  #hasEscaped = false;

  /**
   * How long to wait for the next piece before `flush` is called, milliseconds.
   * @returns undefined when nothing is unfinished.
   */
  get flushDelayMs(): number | undefined {
    if (this.#pasted !== undefined) return PASTE_DELAY_MS;
    if (this.#rest === '') return undefined;
    return MAY_BE_KEYS.has(this.#rest) ? ESCAPE_DELAY_MS : SEQUENCE_DELAY_MS;
  }

  push(piece: string): Key[] {
    const isLate = this.#hasEscaped && LATE_SEQUENCE.test(piece);
    this.#hasEscaped = false;
    this.#rest += isLate ? `\u001b${piece}` : piece;
    if (this.#hasLostEnd) this.#resumePaste();
    const keys: Key[] = [];
    while (this.#rest !== '') {
      const used = this.#pasted === undefined ? this.#readKey(keys) : this.#readPaste(keys);
      if (used === 0) break;
      this.#rest = this.#rest.slice(used);
    }
    return keys;
  }

  /** Nothing followed: what waited is what it looks like. An unfinished paste is the text that came of it. */
  flush(): Key[] {
    const rest = this.#rest;
    this.#rest = '';
    if (this.#pasted !== undefined) {
      this.#hasLostEnd = true;
      return this.#endPaste(rest);
    }
    this.#hasEscaped = rest === '\u001b';
    if (this.#hasEscaped) return [makeKey('escape')];
    return MAY_BE_KEYS.has(rest) ? [makeLetter(rest[1], { alt: true })] : [];
  }

  /** The rest of a paste that was given up too early: its lines must not be sent. Keys come one at a time. */
  #resumePaste(): void {
    this.#hasLostEnd = false;
    if (this.#rest.length > 2 && !this.#rest.startsWith('\u001b')) this.#pasted = '';
  }

  #endPaste(rest: string): Key[] {
    const text = (this.#pasted ?? '') + rest;
    this.#pasted = undefined;
    return text === '' ? [] : [{ type: 'paste', text: text.replace(/\r\n?/g, '\n') }];
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
      const room = MAX_PASTE_CHARACTERS - (this.#pasted ?? '').length;
      this.#pasted += this.#rest.slice(0, Math.min(used, room));
      return used;
    }
    keys.push(...this.#endPaste(this.#rest.slice(0, end)));
    return end + PASTE_END.length;
  }
}
