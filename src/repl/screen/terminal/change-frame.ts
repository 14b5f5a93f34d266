import { ERASE_BELOW, ERASE_LINE, moveUp, NEXT_LINE } from './terminal-sequences.js';

/**
 * From one frame to the next, the cursor below it before and after: lines that stay as they are are not written.
 * Both frames end in a line break.
 */
export function changeFrame(before: string, after: string): string {
  const old = before.split('\n').slice(0, -1);
  const lines = after.split('\n').slice(0, -1);
  let text = moveUp(old.length);
  for (const [row, line] of lines.entries()) {
    if (row < old.length && line === old[row]) text += NEXT_LINE;
    else text += `${row < old.length ? ERASE_LINE : ''}${line}\r\n`;
  }
  return lines.length < old.length ? text + ERASE_BELOW : text;
}
