// What is written to the terminal beside text.

/** Begin and end of what the terminal shows in one go. */
export const BEGIN = '\u001b[?2026h';
export const END = '\u001b[?2026l';
export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
export const SAVE_CURSOR = '\u001b7';
export const RESTORE_CURSOR = '\u001b8';
export const ERASE_LINE = '\u001b[2K';
/** To the start of the line below; at the window's bottom it stays. */
export const NEXT_LINE = '\u001b[E';
/** From the cursor to the end of the window. */
export const ERASE_BELOW = '\u001b[J';

export function moveUp(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : '';
}
