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
/** Code points of the kitty keyboard protocol: those below 57344 are what the key wrote before, the rest its own. */
const codeNames: Record<number, KeyName> = {
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57414: 'enter',
  57417: 'left',
  57418: 'right',
  57419: 'up',
  57420: 'down',
  57421: 'page-up',
  57422: 'page-down',
  57423: 'home',
  57424: 'end',
  57426: 'delete',
};
/** The keypad's 0 to 9 and `.` `/` `*` `-` `+`, from 57399 on; Enter follows. */
const KEYPAD_START = 57_399;
const KEYPAD = '0123456789./*-+';
/** Keys that write nothing (locks, modifiers, function keys, media): the rest of the private use area. */
const isPrivateUse = (code: number): boolean => code >= 0xe000 && code <= 0xf8ff;
/** The event type of the kitty protocol: 1 pressed, 2 repeated, 3 released. */
const RELEASED = '3';

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
  // A mouse report of the oldest kind: three characters follow.
  if (text.startsWith('\u001b[M')) return text.length < 6 ? 0 : 6;
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
  const [first = '', second = '', third = ''] = parameters.split(';');
  const [modifierText, eventType] = second.split(':');
  if (eventType === RELEASED) return undefined;
  const modifiers = Math.max(0, Number(modifierText || 1) - 1);
  const held = { shift: (modifiers & 1) !== 0, alt: (modifiers & 10) !== 0, ctrl: (modifiers & 4) !== 0 };
  if (final === '~') {
    const name = tildeNames[first];
    return name === undefined ? undefined : makeKey(name, held);
  }
  if (final === 'u') return readCodeKey(first, held, third);
  const name = finalNames[final];
  if (name === undefined) return undefined;
  return makeKey(name, final === 'Z' ? { ...held, shift: true } : held);
}

/**
 * The kitty keyboard protocol names a key by its code point.
 *
 * @param codes the key, and with Shift what it writes, between colons.
 * @param written the code points of the text that the key writes, between colons; empty when the terminal does not say.
 */
function readCodeKey(codes: string, held: HeldKeys, written: string): Key | undefined {
  const [code, shifted] = codes.split(':').map((part) => (part === '' ? Number.NaN : Number(part)));
  const name = codeNames[code];
  if (name !== undefined) return makeKey(name, held);
  if (held.ctrl || held.alt) {
    const letter = toText([code]);
    // With AltGr or a composed letter the text is what was meant.
    if (written !== '' && !held.ctrl) return textKey(toText(written.split(':').map(Number)));
    return letter === '' ? undefined : makeLetter(letter.toLowerCase(), held);
  }
  if (written !== '') return textKey(toText(written.split(':').map(Number)));
  if (!held.shift) return textKey(toText([code]));
  return textKey(Number.isNaN(shifted ?? Number.NaN) ? toText([code]).toUpperCase() : toText([shifted]));
}

function textKey(text: string): Key | undefined {
  return text === '' ? undefined : { type: 'text', text };
}

/** The text that code points stand for; those that write nothing, or are none, are left out. */
function toText(codes: readonly number[]): string {
  const isText = (code: number): boolean =>
    code >= 32 && code <= 0x10ffff && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000);
  return codes
    .map(
      (code) =>
        KEYPAD[code - KEYPAD_START] ??
        (isText(code) && !isPrivateUse(code) ? String.fromCodePoint(code) : ''),
    )
    .join('');
}
