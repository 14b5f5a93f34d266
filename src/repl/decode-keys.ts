/** Keys with names of their own. */
export type KeyName =
  | 'enter'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'page-up'
  | 'page-down'
  | 'letter';

/** What a terminal sent. */
export type Key =
  /** Typed characters; several when they came at once. */
  | { readonly type: 'text'; readonly text: string }
  /** Pasted (or dropped) text, line ends made `\n`. */
  | { readonly type: 'paste'; readonly text: string }
  | {
      readonly type: 'key';
      readonly name: KeyName;
      /** For `letter`: lower case; with ctrl or alt only. */
      readonly letter?: string;
      readonly ctrl: boolean;
      readonly alt: boolean;
      readonly shift: boolean;
    };

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

const finalNames: Record<string, KeyName> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  Z: 'tab',
};
const tildeNames: Record<string, KeyName> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};
const codeNames: Record<number, KeyName> = { 9: 'tab', 13: 'enter', 27: 'escape', 127: 'backspace' };

/* eslint-disable no-control-regex -- these are what a terminal sends */
const PLAIN = /^[^\x00-\x1f\x7f-\x9f]+/;
/** Parameters, intermediate characters, and the last one when it is there. */
const CSI = /^\x1b\[([0-?]*)([ -/]*)([@-~])?/;
const STRING_END = /\x07|\x1b\\|\x9c/;
/* eslint-enable no-control-regex */

/** Longest sequence that may be unfinished, characters; what is longer is no key. Replies of a terminal are shorter. */
const MAX_SEQUENCE = 4096;

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

function readControl(char: string): Key | undefined {
  const code = char.charCodeAt(0);
  if (char === '\r') return makeKey('enter');
  if (char === '\t') return makeKey('tab');
  if (char === '\b' || code === 127) return makeKey('backspace');
  if (code >= 1 && code <= 26) return makeLetter(String.fromCharCode(code + 96), { ctrl: true });
  if (code === 31) return makeLetter('_', { ctrl: true });
  return undefined;
}

/** `text` begins with Escape. */
function readEscape(text: string, keys: Key[]): number {
  if (text.length === 1) return 0;
  const second = text[1];
  if (second === '[') return readCsi(text, keys);
  if (second === 'O') {
    if (text.length === 2) return 0;
    const name = finalNames[text[2]];
    if (name !== undefined) keys.push(makeKey(name));
    return 3;
  }
  // Strings addressed to programs: answers to queries about graphics and colours.
  if ('P]X^_'.includes(second)) return readString(text);
  if (second === '\u001b') {
    keys.push(makeKey('escape'));
    return 1;
  }
  const control = readControl(second);
  if (control?.type === 'key') keys.push({ ...control, alt: true });
  else if (second >= ' ') keys.push(makeLetter(second.toLowerCase(), { alt: true }));
  return 2;
}

function readString(text: string): number {
  const end = STRING_END.exec(text.slice(2));
  if (end === null) return text.length > MAX_SEQUENCE ? text.length : 0;
  return 2 + end.index + end[0].length;
}

function readCsi(text: string, keys: Key[]): number {
  // Linux consoles send F1 to F5 as ESC [ [ A.
  if (text.startsWith('\u001b[[')) return text.length < 4 ? 0 : 4;
  const match = CSI.exec(text)!;
  const [whole, parameters, , final] = match;
  if (final === undefined) {
    const isCut = whole.length === text.length && whole.length < MAX_SEQUENCE;
    return isCut ? 0 : whole.length;
  }
  const key = readCsiKey(parameters, final);
  if (key !== undefined) keys.push(key);
  return whole.length;
}

function readCsiKey(parameters: string, final: string): Key | undefined {
  const [first = '', second = ''] = parameters.split(';');
  const modifiers = Math.max(0, Number(second.split(':')[0] || 1) - 1);
  const held = { shift: (modifiers & 1) !== 0, alt: (modifiers & 10) !== 0, ctrl: (modifiers & 4) !== 0 };
  if (final === '~') {
    const name = tildeNames[first];
    return name === undefined ? undefined : makeKey(name, held);
  }
  if (final === 'u') return readCodeKey(Number(first.split(':')[0]), held);
  const name = finalNames[final];
  if (name === undefined) return undefined;
  return makeKey(name, final === 'Z' ? { ...held, shift: true } : held);
}

/** The kitty keyboard protocol names a key by its code point. */
function readCodeKey(code: number, held: { shift: boolean; alt: boolean; ctrl: boolean }): Key | undefined {
  const name = codeNames[code];
  if (name !== undefined) return makeKey(name, held);
  if (!(code >= 32 && code < 0xd800)) return undefined;
  const letter = String.fromCharCode(code);
  if (held.ctrl || held.alt) return makeLetter(letter.toLowerCase(), held);
  return { type: 'text', text: held.shift ? letter.toUpperCase() : letter };
}

type Held = { readonly ctrl?: boolean; readonly alt?: boolean; readonly shift?: boolean };

function makeKey(name: KeyName, { ctrl = false, alt = false, shift = false }: Held = {}): Key {
  return { type: 'key', name, ctrl, alt, shift };
}

function makeLetter(letter: string, { ctrl = false, alt = false, shift = false }: Held): Key {
  return { type: 'key', name: 'letter', letter, ctrl, alt, shift };
}
