import { isPlainText, splitGraphemes, textWidth } from './graphemes.js';

/** The rows of a text that are shown in a terminal, and where its cursor is among them. */
export interface EditorLayout {
  readonly rows: readonly string[];
  /** Row, from 0. */
  readonly cursorRow: number;
  /** Column, from 0. */
  readonly cursorColumn: number;
}

/**
 * Break a text into rows, at any character, as terminals do, and take those around the cursor. The cursor may stand
 * behind the last column's character: then a row of its own begins. Only the lines near the cursor are looked at, so
 * that a long text costs no more than a short one.
 *
 * @param cursor a place in the text, UTF-16 units, never inside a character.
 * @param columns 1 or more.
 * @param maxRows how many rows are shown at the most, 1 or more.
 */
export function layoutEditor(text: string, cursor: number, columns: number, maxRows: number): EditorLayout {
  const start = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
  const end = lineEnd(text, cursor);
  const own = layoutLine(text.slice(start, end), cursor - start, columns);
  const rows = [...own.rows];
  let { cursorRow } = own;
  // As many as are shown, in both directions: more cannot matter.
  for (let at = start; at > 0 && cursorRow < maxRows;) {
    const before = at - 1 === 0 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
    const above = breakLine(text.slice(before, at - 1), columns);
    rows.unshift(...above);
    cursorRow += above.length;
    at = before;
  }
  for (let at = end; at < text.length && rows.length - cursorRow < maxRows;) {
    const after = lineEnd(text, at + 1);
    rows.push(...breakLine(text.slice(at + 1, after), columns));
    at = after;
  }
  const first = Math.min(
    Math.max(0, cursorRow - Math.floor(maxRows / 2)),
    Math.max(0, rows.length - maxRows),
  );
  return {
    rows: rows.slice(first, first + maxRows),
    cursorRow: cursorRow - first,
    cursorColumn: own.cursorColumn,
  };
}

/** One line, without line breaks, and the cursor in it. */
function layoutLine(line: string, cursor: number, columns: number): EditorLayout {
  const rows = breakLine(line, columns);
  let cursorRow = 0;
  let rowStart = 0;
  while (cursorRow < rows.length - 1 && rowStart + rows[cursorRow].length <= cursor) {
    rowStart += rows[cursorRow].length;
    cursorRow += 1;
  }
  const cursorColumn = textWidth(rows[cursorRow].slice(0, cursor - rowStart));
  if (cursorColumn < columns) return { rows, cursorRow, cursorColumn };
  // Behind the last column: what may come stands in the next row.
  return { rows: [...rows, ''], cursorRow: cursorRow + 1, cursorColumn: 0 };
}

/** The rows of one line; at least one. A tab is shown as a space: its width would depend on where it stands. */
function breakLine(line: string, columns: number): string[] {
  const rows: string[] = [];
  if (isPlainText(line)) {
    for (let at = 0; at < line.length; at += columns) rows.push(line.slice(at, at + columns));
    return rows.length === 0 ? [''] : rows;
  }
  let row = '';
  let width = 0;
  for (const piece of splitGraphemes(line.replaceAll('\t', ' '))) {
    const pieceWidth = textWidth(piece);
    if (width + pieceWidth > columns && row !== '') {
      rows.push(row);
      row = '';
      width = 0;
    }
    row += piece;
    width += pieceWidth;
  }
  return [...rows, row];
}

function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found === -1 ? text.length : found;
}
