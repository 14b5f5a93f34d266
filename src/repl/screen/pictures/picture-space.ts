/** A terminal's window. */
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

/** The largest share of a window that a picture takes: it leaves room for the text about it. */
const MAX_COLUMNS = 40;
const MAX_ROWS = 12;
/** Below this a picture is a smudge. */
const MIN_WINDOW_COLUMNS = 24;
const MIN_WINDOW_ROWS = 8;
/** From the left edge. */
export const PICTURE_INDENT = 2;

/** The room that a finished picture may take; undefined when the window is too small for one. */
export function pictureSpace({ columns, rows }: WindowSize): WindowSize | undefined {
  if (columns < MIN_WINDOW_COLUMNS || rows < MIN_WINDOW_ROWS) return undefined;
  return {
    columns: Math.min(MAX_COLUMNS, columns - 2 * PICTURE_INDENT),
    rows: Math.min(MAX_ROWS, Math.floor(rows / 2)),
  };
}
