import type { EditorLayout } from '../input/layout-editor.js';
import type { WindowSize } from './pictures/picture-space.js';

/** How the live region shares the window's rows. Together they are fewer than the window has. */
export interface FramePlan {
  /** The input line has a frame around it. */
  readonly hasFrame: boolean;
  /** Columns for the text of the input line, without frame and margin. */
  readonly inputColumns: number;
  /** The input's text as it is shown. */
  readonly input: EditorLayout;
  /** Rows of the menu; the status line takes its place when there is none. */
  readonly menuRows: number;
  /** Rows for the answer that is being written; 0 for none. */
  readonly answerRows: number;
}

/** A narrower or lower window has no room for a frame. */
const MIN_FRAME_COLUMNS = 50;
const MIN_FRAME_ROWS = 12;
const MAX_MENU_ROWS = 8;
/** The live region stays short: what a narrower window breaks into more rows must not leave it at the top. */
const MAX_ANSWER_ROWS = 18;
/** Two columns of frame, a space on each side; the cursor may stand behind the last character. */
const FRAME_COLUMNS = 4;
/** `> ` before an input line without a frame. */
export const PROMPT_COLUMNS = 2;

/**
 * @param layOut the input's text in rows of these columns, those around the cursor.
 * @param menuItems 0 for no menu.
 */
export function planFrame(
  window: WindowSize,
  layOut: (columns: number, maxRows: number) => EditorLayout,
  menuItems: number,
  isScreenReader: boolean,
): FramePlan {
  const { columns, rows } = window;
  const hasFrame = !isScreenReader && columns >= MIN_FRAME_COLUMNS && rows >= MIN_FRAME_ROWS;
  const inputColumns = Math.max(4, columns - (hasFrame ? FRAME_COLUMNS : PROMPT_COLUMNS));
  const maxInputRows = Math.max(1, Math.floor(rows / 3));
  const input = layOut(inputColumns, maxInputRows);
  const frameRows = hasFrame ? 2 : 0;
  const free = rows - 1 - input.rows.length - frameRows;
  const menuRows = Math.max(0, Math.min(menuItems, MAX_MENU_ROWS, free));
  const answerRows = Math.max(0, Math.min(MAX_ANSWER_ROWS, free - Math.max(1, menuRows)));
  return { hasFrame, inputColumns, input, menuRows, answerRows };
}
