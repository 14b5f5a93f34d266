import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deleteTo,
  emptyEditor,
  insertText,
  killTo,
  killWordBefore,
  moveCursor,
  setText,
  transpose,
  type Editor,
  type Motion,
} from '../../../src/repl/input/editor.js';
import { layoutEditor } from '../../../src/repl/input/layout-editor.js';
import { splitGraphemes, textWidth } from '../../../src/repl/input/graphemes.js';

/** `|` is the cursor. */
function at(text: string): Editor {
  const cursor = text.indexOf('|');
  return { ...emptyEditor, text: text.replace('|', ''), cursor };
}

function show({ text, cursor }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

describe('the editor', () => {
  it.each<[string, Motion, string]>([
    ['one two|', 'word-left', 'one |two'],
    ['one, two|', 'word-left', 'one, |two'],
    ['|one two', 'word-right', 'one| two'],
    ['a👨‍👩‍👧|b', 'left', 'a|👨‍👩‍👧b'],
    ['e\u0301|x', 'left', '|e\u0301x'],
    ['one\ntw|o', 'line-start', 'one\n|two'],
    ['on|e\ntwo', 'line-end', 'one|\ntwo'],
    ['one\ntw|o', 'up', 'on|e\ntwo'],
    ['one\nt|wo', 'down', 'one\nt|wo'],
    ['a|', 'right', 'a|'],
    ['|a', 'left', '|a'],
  ])('%s %s', (before, motion, after) => {
    expect(show(moveCursor(at(before), motion))).toBe(after);
  });

  it('cuts and puts back', () => {
    const cut = killTo(at('one two| three'), 'line-start');
    expect([show(cut), cut.killed]).toEqual(['| three', 'one two']);
    expect(show(insertText(moveCursor(cut, 'end'), cut.killed))).toBe(' threeone two|');
    expect(show(killTo(at('one|\ntwo'), 'line-end'))).toBe('one|two');
    expect(show(killWordBefore(at('open a/b.png |x')))).toBe('open |x');
    expect(show(deleteTo(at('👍🏽|'), 'left'))).toBe('|');
    expect(show(transpose(at('ab|')))).toBe('ba|');
    expect(show(transpose(at('a|bc')))).toBe('ba|c');
  });

  it('keeps the cursor between characters, whatever is done', () => {
    const motions: Motion[] = [
      'left',
      'right',
      'word-left',
      'word-right',
      'line-start',
      'line-end',
      'up',
      'down',
    ];
    const step = fc.oneof(
      fc.record({ kind: fc.constant('move' as const), motion: fc.constantFrom(...motions) }),
      fc.record({ kind: fc.constant('kill' as const), motion: fc.constantFrom(...motions) }),
      fc.record({
        kind: fc.constant('insert' as const),
        text: fc.constantFrom('a', '猫', '👨‍👩‍👧', '\n', 'e\u0301', ' '),
      }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let editor = emptyEditor;
        for (const one of steps) {
          if (one.kind === 'move') editor = moveCursor(editor, one.motion);
          else if (one.kind === 'kill') editor = killTo(editor, one.motion);
          else editor = insertText(editor, one.text);
          const places = splitGraphemes(editor.text).reduce<number[]>(
            (all, piece) => [...all, all.at(-1)! + piece.length],
            [0],
          );
          expect(places).toContain(editor.cursor);
        }
      }),
    );
  });
});

describe('long texts', () => {
  it.each(['a', 'é', '猫', '👍🏽', '\u0301', '🇩🇪', 'क्ष'])('are split as a whole, of %s', (piece) => {
    const text = piece.repeat(2000);
    const whole = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    expect(splitGraphemes(text)).toEqual(whole);
  });

  it('have words far away, and only dots between', () => {
    const text = `word${'.'.repeat(50_000)}word`;
    expect(moveCursor({ ...emptyEditor, text, cursor: text.length - 4 }, 'word-left').cursor).toBe(0);
    expect(moveCursor({ ...emptyEditor, text, cursor: 4 }, 'word-right').cursor).toBe(text.length);
  });

  it('lose their last word, and what is before it stays', () => {
    const text = `${'x'.repeat(50_000)} y  `;
    expect(killWordBefore(setText(emptyEditor, text)).text).toBe(`${'x'.repeat(50_000)} `);
  });
});

describe('layoutEditor', () => {
  it.each([
    ['abcdef', 6, 3, ['abc', 'def', ''], 2, 0],
    ['abc', 1, 3, ['abc'], 0, 1],
    ['猫猫x', 3, 3, ['猫', '猫x', ''], 2, 0],
    ['a\nb', 3, 9, ['a', 'b'], 1, 1],
    ['', 0, 5, [''], 0, 0],
  ])('%j, cursor %i, %i columns', (text, cursor, columns, rows, cursorRow, cursorColumn) => {
    expect(layoutEditor(text, cursor, columns, 9)).toEqual({ rows, cursorRow, cursorColumn });
  });

  it('loses nothing, stays within the columns, and has a cursor in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (raw, columns) => {
        const text = raw.replace(/\t/g, ' ');
        const { rows, cursorRow, cursorColumn } = layoutEditor(text, text.length, columns, 1000);
        expect(rows.join('')).toBe(text.replaceAll('\n', ''));
        for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(columns);
        expect(cursorRow).toBe(rows.length - 1);
        expect(cursorColumn).toBeLessThan(columns);
      }),
    );
  });

  it('shows the part around the cursor', () => {
    const shown = { rows: ['b', 'c', 'd'], cursorRow: 1, cursorColumn: 0 };
    expect(layoutEditor('a\nb\nc\nd\ne', 4, 10, 3)).toEqual(shown);
  });

  it('shows the same part of a long text as of all its rows', () => {
    const words = fc.constantFrom('a', 'bc', '\n', '猫', '👍🏽', ' ', 'é');
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), fc.nat(), fc.nat(6), (parts, at, more) => {
        const text = parts.join('');
        const places = parts.map((_, index) => parts.slice(0, index).join('').length);
        const cursor = places[at % places.length] ?? 0;
        const all = layoutEditor(text, cursor, 4, 1000);
        const maxRows = more + 1;
        const last = Math.max(0, all.rows.length - maxRows);
        const first = Math.min(Math.max(0, all.cursorRow - Math.floor(maxRows / 2)), last);
        expect(layoutEditor(text, cursor, 4, maxRows)).toEqual({
          rows: all.rows.slice(first, first + maxRows),
          cursorRow: all.cursorRow - first,
          cursorColumn: all.cursorColumn,
        });
      }),
    );
  });

  it('setText puts the cursor at the end', () => {
    expect(show(setText(emptyEditor, 'abc'))).toBe('abc|');
  });
});
