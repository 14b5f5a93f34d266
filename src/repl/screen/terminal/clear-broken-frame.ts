import { textWidth } from '../../input/graphemes.js';
import { ERASE_LINE, moveUp, NEXT_LINE, RESTORE_CURSOR, SAVE_CURSOR } from './terminal-sequences.js';

/** Where the cursor stands, seen from the line below the frame. */
export interface CursorPlace {
  /** Lines up, 1 for the frame's last line. */
  readonly rowsUp: number;
  /** From 0. */
  readonly column: number;
}

// eslint-disable-next-line no-control-regex
const JUMP = /\u001b\[(\d+)G/g;

/**
 * Clear a frame whose lines a terminal has broken into more, because its window became narrower; the cursor then
 * stands where the frame began. What it pushed above the window is out of reach.
 *
 * @param frame as it was written, ending in a line break.
 * @param cursor where it was left; undefined below the frame.
 * @param columns of the window now.
 */
export function clearBrokenFrame(
  frame: string,
  cursor: CursorPlace | undefined,
  columns: number,
  isXtermJs: boolean,
): string {
  const lines = frame.split('\n');
  const heights = lines.map((line) => Math.max(1, Math.ceil(lineWidth(line) / columns)));
  const cursorLine = Math.max(0, lines.length - 1 - (cursor?.rowsUp ?? 0));
  const above = sum(heights.slice(0, cursorLine));
  const within = isXtermJs
    ? sinkInXtermJs(heights.slice(cursorLine))
    : Math.floor((cursor?.column ?? 0) / columns);
  // Line by line: tmux moves what is cleared from the window's first row on into its scrollback.
  const erase = `${ERASE_LINE}${NEXT_LINE}`.repeat(sum(heights));
  return `\r${moveUp(above + within)}${SAVE_CURSOR}${erase}${RESTORE_CURSOR}`;
}

/**
 * How many rows too low xterm.js leaves the cursor when a narrower window breaks lines: it moves the cursor also for
 * the rows that come below it (Buffer._reflowSmaller in xterm.js 5 and 6).
 *
 * @param heights rows of the cursor's line and of those below it.
 */
function sinkInXtermJs([own, ...below]: readonly number[]): number {
  const added = sum(below) - below.length;
  // Once it has sunk, its own line is broken like the others.
  return added === 0 ? 0 : added + own - 1;
}

/** Columns of a line, to where it jumps too. */
function lineWidth(line: string): number {
  return Math.max(textWidth(line), ...Array.from(line.matchAll(JUMP), ([, column]) => Number(column)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
