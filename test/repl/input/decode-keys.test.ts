import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../../src/repl/input/decode-keys.js';
import type { Key } from '../../../src/repl/input/key.js';

function decode(...pieces: string[]): Key[] {
  const decoder = new KeyDecoder();
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.flush()];
}

/** `ctrl-left`, `alt-b`, `paste:...` and so on. */
function show(key: Key): string {
  if (key.type !== 'key') return `${key.type}:${key.text}`;
  const held = [key.ctrl && 'ctrl-', key.alt && 'alt-', key.shift && 'shift-'].filter(Boolean).join('');
  return held + (key.name === 'letter' ? key.letter : key.name);
}

/** Text that came in pieces is one text. */
function join(keys: readonly Key[]): string[] {
  return keys.map(show).reduce<string[]>((all, shown) => {
    const last = all.at(-1);
    if (last?.startsWith('text:') && shown.startsWith('text:'))
      return [...all.slice(0, -1), last + shown.slice(5)];
    return [...all, shown];
  }, []);
}

describe('KeyDecoder', () => {
  it.each([
    ['a\r', ['text:a', 'enter']],
    ['\u001b[A\u001bOB', ['up', 'down']],
    ['\u001b[1;5C\u001b[1;3D', ['ctrl-right', 'alt-left']],
    ['\u001b[3~\u001b[H\u001b[4~', ['delete', 'home', 'end']],
    ['\u001b[Z\t', ['shift-tab', 'tab']],
    ['\u0001\u0003\u001a', ['ctrl-a', 'ctrl-c', 'ctrl-z']],
    ['\u001bb\u001b\r\u001b\u007f', ['alt-b', 'alt-enter', 'alt-backspace']],
    ['\u001b', ['escape']],
    ['\u001b[13;2u\u001b[97;5u\u001b[233u', ['shift-enter', 'ctrl-a', 'text:é']],
    ['\u001b[200~one\r\ntwo\u001b[201~x', ['paste:one\ntwo', 'text:x']],
    ['\u001b_Gi=1;OK\u001b\\a\u001b]11;rgb:0/0/0\u0007b\u001b[?62;4c', ['text:a', 'text:b']],
    ['猫👍🏽', ['text:猫👍🏽']],
  ])('%j', (bytes, expected) => {
    expect(decode(bytes).map(show)).toEqual(expected);
  });

  it('reads the same keys however the bytes are cut', () => {
    const parts = [
      'a',
      'é',
      '\r',
      '\u001b[A',
      '\u001b[1;5C',
      '\u001b[200~p\rq\u001b[201~',
      '\u001bf',
      '\u001bOA',
      '\u007f',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts)), fc.array(fc.nat(60)), (chosen, cuts) => {
        const bytes = chosen.join('');
        const places = [...new Set(cuts.filter((cut) => cut < bytes.length))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((from, i) => bytes.slice(from, places[i] ?? bytes.length));
        expect(join(decode(...pieces))).toEqual(join(decode(bytes)));
      }),
    );
  });

  it('takes anything, and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const decoder = new KeyDecoder();
        for (const piece of pieces) decoder.push(`\u001b${piece}`);
        decoder.flush();
        expect(decoder.isWaiting).toBe(false);
      }),
    );
  });
});
