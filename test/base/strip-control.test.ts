import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripControl } from '../../src/base/strip-control.js';

describe('stripControl', () => {
  it.each([
    ['a plain sentence', 'a plain sentence', 'plain text'],
    ['one\ntwo\tthree', 'one\ntwo\tthree', 'newline and tab'],
    ['one\r\ntwo', 'one\ntwo', 'carriage return'],
    ['\u001b[31mred\u001b[0m', 'red', 'colours'],
    ['\u009b2Jcleared', 'cleared', 'an 8-bit control sequence'],
    ['\u001b]0;title\u0007cat', 'cat', 'a window title'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link', 'a hyperlink'],
    ['\u001bP1$r0m\u001b\\cat', 'cat', 'a device string'],
    ['\u001b]0;never ended', '0;never ended', 'a string without an end keeps its words'],
    ['\u001bcreset', 'reset', 'a full reset'],
    ['\u001b', '', 'a lone escape'],
    ['a\u0000b\u0007c\u007fd\u0085e', 'abcde', 'C0, DEL and C1'],
    ['safe\u202etxt.exe', 'safetxt.exe', 'a direction override'],
    ['שלום\u200f! 👩‍🚒', 'שלום\u200f! 👩‍🚒', 'marks and joiners that scripts need'],
    ['\u001b\u001b[0m[31mx', '[31mx', 'an escape before an escape'],
  ])('%j gives %j (%s)', (text, expected) => {
    expect(stripControl(text)).toBe(expected);
  });

  it('leaves nothing that a second pass would remove', () => {
    const unit = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '3',
      'm',
      '\u0007',
      '\\',
      '\u009b',
      '\u009c',
      'x',
      '\n',
      'P',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const once = stripControl(text);
        expect(stripControl(once)).toBe(once);
        expect(once).not.toMatch(/[^\P{Cc}\n\t]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives long hostile text', () => {
    const text = '\u001b]x'.repeat(200_000);
    expect(stripControl(text)).toBe('x'.repeat(200_000));
  });
});
