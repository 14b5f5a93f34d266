import { splitGraphemes, textWidth } from './graphemes.js';

/** A text as rows of a terminal, and where its cursor is. */
export interface EditorLayout {
  readonly rows: readonly string[];
  /** Row, from 0. */
  readonly cursorRow: number;
  /** Column, from 0. */
  readonly cursorColumn: number;
}

/**
 * Break a text into rows of so many columns, at any character, as terminals do. The cursor may stand behind the
 * last column's character: then a row of its own begins.
 *
 * @param columns 1 or more.
 */
export function layoutEditor(text: string, cursor: number, columns: number): EditorLayout {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  let place = 0;
  let cursorRow = 0;
  let cursorColumn = 0;
  const markCursor = (): void => {
    if (place !== cursor) return;
    cursorRow = rows.length;
    cursorColumn = width;
  };
  const endRow = (): void => {
    rows.push(row);
    row = '';
    width = 0;
  };
  for (const piece of splitGraphemes(text)) {
    if (piece === '\n') {
      markCursor();
      endRow();
    } else {
      // A tab is shown as a space; its width would depend on where it stands.
      const shown = piece === '\t' ? ' ' : piece;
      const pieceWidth = textWidth(shown);
      if (width + pieceWidth > columns && row !== '') endRow();
      markCursor();
      row += shown;
      width += pieceWidth;
    }
    place += piece.length;
  }
  if (place === cursor && width >= columns) endRow();
  markCursor();
  rows.push(row);
  return { rows, cursorRow, cursorColumn };
}

/** The part of a layout of at most so many rows that holds the cursor. */
export function cutLayout(layout: EditorLayout, maxRows: number): EditorLayout {
  const { rows, cursorRow } = layout;
  if (rows.length <= maxRows) return layout;
  const first = Math.min(Math.max(0, cursorRow - Math.floor(maxRows / 2)), rows.length - maxRows);
  return { ...layout, rows: rows.slice(first, first + maxRows), cursorRow: cursorRow - first };
}
