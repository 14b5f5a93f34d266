import { makeKey, makeLetter, type HeldKeys, type Key, type KeyName } from './key.js';

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
/** Parameters, intermediate characters, and the last one when it is there. */
const CSI = /^\x1b\[([0-?]*)([ -/]*)([@-~])?/;
const STRING_END = /\x07|\x1b\\|\x9c/;
/* eslint-enable no-control-regex */

/** Longest sequence that may be unfinished, characters; what is longer is no key. Replies of a terminal are shorter. */
const MAX_SEQUENCE = 4096;

/**
 * The key that a control character is.
 * @returns undefined for one that no key sends.
 */
export function readControl(char: string): Key | undefined {
  const code = char.charCodeAt(0);
  if (char === '\r') return makeKey('enter');
  if (char === '\t') return makeKey('tab');
  if (char === '\b' || code === 127) return makeKey('backspace');
  if (code >= 1 && code <= 26) return makeLetter(String.fromCharCode(code + 96), { ctrl: true });
  if (code === 31) return makeLetter('_', { ctrl: true });
  return undefined;
}

/**
 * Read what begins with Escape: a key with its modifiers, or an answer of the terminal, which is no key.
 *
 * @param keys the key is added to them.
 * @returns how many characters were used; 0 when more must come first.
 */
export function readEscape(text: string, keys: Key[]): number {
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
function readCodeKey(code: number, held: HeldKeys): Key | undefined {
  const name = codeNames[code];
  if (name !== undefined) return makeKey(name, held);
  if (!(code >= 32 && code < 0xd800)) return undefined;
  const letter = String.fromCharCode(code);
  if (held.ctrl || held.alt) return makeLetter(letter.toLowerCase(), held);
  return { type: 'text', text: held.shift ? letter.toUpperCase() : letter };
}
