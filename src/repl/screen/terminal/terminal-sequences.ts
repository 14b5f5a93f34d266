// What is written to the terminal beside text.

/** Begin and end of what the terminal shows in one go. */
export const BEGIN = '\u001b[?2026h';
export const END = '\u001b[?2026l';
export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
/** The terminal's other screen: what was there before comes back when it is left. */
export const ENTER_OTHER_SCREEN = '\u001b[?1049h';
export const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
export const HOME = '\u001b[H';
export const ERASE_ALL = '\u001b[2J';
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
