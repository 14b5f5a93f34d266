import type { Theme } from '../terminal/theme.js';

const roundFrame = { top: ['╭', '─', '╮'], side: '│', bottom: ['╰', '─', '╯'] };
const asciiFrame = { top: ['+', '-', '+'], side: '|', bottom: ['+', '-', '+'] };

/**
 * Rows with a frame around them, as wide as the window. The right side is placed by column rather than after spaces:
 * terminals disagree about the width of an emoji.
 *
 * @param rows each at least four columns narrower than the window.
 */
export function frameLines(rows: readonly string[], columns: number, { dim, glyphs }: Theme): string[] {
  const { top, side, bottom } = glyphs.prompt === '>' ? asciiFrame : roundFrame;
  const rule = ([left, line, right]: readonly string[]): string =>
    dim(left + line.repeat(columns - 2) + right);
  const close = `\u001b[${columns}G${dim(side)}`;
  return [rule(top), ...rows.map((row) => `${dim(side)} ${row}${close}`), rule(bottom)];
}
