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
    // The kitty protocol: pressed, repeated and released; text in the third field; the keypad; locks.
    ['\u001b[97;1:1u\u001b[97;1:2u\u001b[97;1:3u', ['text:a', 'text:a']],
    ['\u001b[1;1:1A\u001b[1;1:3A\u001b[3;1:3~', ['up']],
    ['\u001b[97;;229u\u001b[0;;128077:127997u\u001b[128077u', ['text:å', 'text:👍🏽', 'text:👍']],
    ['\u001b[97:65;2u\u001b[49:33;2u\u001b[97;6u', ['text:A', 'text:!', 'ctrl-shift-a']],
    ['\u001b[57400u\u001b[57414u\u001b[57358u\u001b[57441;2u', ['text:1', 'enter']],
    ['\u001b[97;7;64u\u001b[113;3;64u', ['ctrl-alt-a', 'text:@']],
    // Mouse reports, old and new.
    ['\u001b[M !!\u001b[<35;10;5Ma', ['text:a']],
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

  it('gives a paste whose end never comes, and then takes keys again', () => {
    const decoder = new KeyDecoder();
    expect(decoder.push('\u001b[200~abc').concat(decoder.push(' typed\u0003'))).toEqual([]);
    expect(decoder.flushDelayMs).toBeGreaterThan(0);
    expect(decoder.flush().map(show)).toEqual(['paste:abc typed\u0003']);
    expect(decoder.push('\u0003').map(show)).toEqual(['ctrl-c']);
    expect(decoder.push('\u001b[201~x').map(show)).toEqual(['text:x']);
  });

  it('sends no line of a paste that stopped for a while and went on', () => {
    const decoder = new KeyDecoder();
    decoder.push('\u001b[200~one\r');
    expect(decoder.flush().map(show)).toEqual(['paste:one\n']);
    expect(decoder.push('two\rthree\r')).toEqual([]);
    expect(decoder.push('four\u001b[201~\r').map(show)).toEqual(['paste:two\nthree\nfour', 'enter']);
  });

  it('keeps the start of a paste that has no end, not all of it', () => {
    const decoder = new KeyDecoder();
    decoder.push('\u001b[200~');
    for (let i = 0; i < 30; i++) decoder.push('x'.repeat(100_000));
    const [key] = decoder.flush();
    expect(key.type === 'paste' && key.text.length).toBeLessThan(1_100_000);
  });

  it.each([
    ['a report of the mouse', ['\u001b[<35;', '10;5M']],
    ['an old report of the mouse', ['\u001b[M', ' !!']],
    ['an old report after its bracket', ['\u001b[', 'M !!']],
    ['a reply about colours', ['\u001b]11;rgb:', '0000/0000/0000\u0007']],
    ['a reply about graphics', ['\u001b_Gi=1;', 'OK\u001b', '\\']],
    ['a reply to what it is', ['\u001b[?62;', '4c']],
  ])('does not type %s that comes in pieces', (_, pieces) => {
    const decoder = new KeyDecoder();
    expect(pieces.flatMap((piece) => decoder.push(piece))).toEqual([]);
    expect(decoder.flush()).toEqual([]);
  });

  it('does not type the rest of a report whose Escape came much earlier', () => {
    const decoder = new KeyDecoder();
    decoder.push('\u001b');
    expect(decoder.flush().map(show)).toEqual(['escape']);
    expect(decoder.push('[<35;10;5M')).toEqual([]);
    decoder.push('\u001b');
    decoder.flush();
    expect(decoder.push('[').map(show)).toEqual(['text:[']);
  });

  it('takes anything, and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const decoder = new KeyDecoder();
        for (const piece of pieces) decoder.push(`\u001b${piece}`);
        decoder.flush();
        expect(decoder.flushDelayMs).toBeUndefined();
      }),
    );
  });
});
