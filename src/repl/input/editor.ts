import { nextGrapheme, nextWord, previousGrapheme, previousWord } from './graphemes.js';

/** A text that is being written, of one line or more. */
export interface Editor {
  readonly text: string;
  /** A place in the text, UTF-16 units, never inside a character. */
  readonly cursor: number;
  /** What was cut last, for Ctrl-Y. */
  readonly killed: string;
}

/** Where the cursor can go. `up` and `down` stay in the text. */
export type Motion =
  'left' | 'right' | 'word-left' | 'word-right' | 'line-start' | 'line-end' | 'up' | 'down' | 'start' | 'end';

/** Longest text that is taken, UTF-16 units: more than ten times what a prompt may have. */
const MAX_TEXT_CHARACTERS = 120_000;

export const emptyEditor: Editor = { text: '', cursor: 0, killed: '' };

/** Another text, the cursor at its end. */
export function setText(editor: Editor, text: string): Editor {
  return { ...editor, text, cursor: text.length };
}

/** Write at the cursor. What would be too much is left out. */
export function insertText(editor: Editor, added: string): Editor {
  return replaceText(editor, editor.cursor, editor.cursor, added);
}

/** Replace a stretch by `added`; the cursor is then behind it. */
export function replaceText(editor: Editor, from: number, to: number, added: string): Editor {
  const { text } = editor;
  const room = Math.max(0, MAX_TEXT_CHARACTERS - (text.length - (to - from)));
  const fitting = added.length <= room ? added : Array.from(added.slice(0, room)).join('');
  return {
    ...editor,
    text: text.slice(0, from) + fitting + text.slice(to),
    cursor: from + fitting.length,
  };
}

export function moveCursor(editor: Editor, motion: Motion): Editor {
  return { ...editor, cursor: findPlace(editor, motion) };
}

/** Remove what lies between the cursor and where the motion goes. */
export function deleteTo(editor: Editor, motion: Motion): Editor {
  return removeBetween(editor, findPlace(editor, motion));
}

/** As deleteTo, and keep what was removed for Ctrl-Y. At the end of a line, `line-end` takes its line break. */
export function killTo(editor: Editor, motion: Motion): Editor {
  const place = findPlace(editor, motion);
  const isStuck = place === editor.cursor && motion === 'line-end';
  const to = isStuck ? Math.min(place + 1, editor.text.length) : place;
  const killed = editor.text.slice(Math.min(editor.cursor, to), Math.max(editor.cursor, to));
  return { ...removeBetween(editor, to), killed: killed === '' ? editor.killed : killed };
}

/** Ctrl-W of a shell: back to the space before. */
export function killWordBefore(editor: Editor): Editor {
  const before = editor.text.slice(0, editor.cursor);
  let place = before.trimEnd().length;
  while (place > 0 && !/\s/.test(before[place - 1])) place -= 1;
  return { ...removeBetween(editor, place), killed: before.slice(place) || editor.killed };
}

/** Swap the two characters around the cursor, or the last two at the end. */
export function transpose(editor: Editor): Editor {
  const { text, cursor } = editor;
  const right = cursor === text.length ? previousGrapheme(text, cursor) : cursor;
  const left = previousGrapheme(text, right);
  if (right === 0 || right >= text.length) return editor;
  const end = nextGrapheme(text, right);
  const swapped = text.slice(right, end) + text.slice(left, right);
  return { ...editor, text: text.slice(0, left) + swapped + text.slice(end), cursor: end };
}

function removeBetween(editor: Editor, place: number): Editor {
  const from = Math.min(editor.cursor, place);
  const to = Math.max(editor.cursor, place);
  return { ...editor, text: editor.text.slice(0, from) + editor.text.slice(to), cursor: from };
}

function findPlace({ text, cursor }: Editor, motion: Motion): number {
  switch (motion) {
    case 'left':
      return cursor === 0 ? 0 : previousGrapheme(text, cursor);
    case 'right':
      return nextGrapheme(text, cursor);
    case 'word-left':
      return previousWord(text, cursor);
    case 'word-right':
      return nextWord(text, cursor);
    case 'line-start':
      return lineStart(text, cursor);
    case 'line-end':
      return lineEnd(text, cursor);
    case 'start':
      return 0;
    case 'end':
      return text.length;
    case 'up': {
      const start = lineStart(text, cursor);
      if (start === 0) return cursor;
      return sameColumn(text, lineStart(text, start - 1), start - 1, cursor - start);
    }
    case 'down': {
      const end = lineEnd(text, cursor);
      if (end === text.length) return cursor;
      return sameColumn(text, end + 1, lineEnd(text, end + 1), cursor - lineStart(text, cursor));
    }
  }
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 ? text.length : found;
}

/** A position `start` to `end` at this distance from the start, not inside a character. */
function sameColumn(text: string, start: number, end: number, distance: number): number {
  const place = Math.min(start + distance, end);
  if (place === end || place === start) return place;
  const after = nextGrapheme(text, place - 1);
  return after === place ? place : previousGrapheme(text, place);
}
