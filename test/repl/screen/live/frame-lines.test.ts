import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { frameLines } from '../../../../src/repl/screen/live/frame-lines.js';
import { createTheme } from '../../../../src/repl/screen/terminal/theme.js';

const COLUMNS = 24;

async function draw(rows: readonly string[]): Promise<string[]> {
  const theme = createTheme({ colors: '24-bit', isUnicode: true });
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: 8, allowProposedApi: true, convertEol: true });
  const text = frameLines(rows, COLUMNS, theme).join('\n');
  await new Promise<void>((settle) => screen.write(text, settle));
  const { active } = screen.buffer;
  const columns = Array.from({ length: rows.length + 2 }, (_, row) => active.getLine(row)!);
  return columns.map((line) => `${line.getCell(0)!.getChars()} ${line.getCell(COLUMNS - 1)!.getChars()}`);
}

describe('frameLines', () => {
  it('closes every row in the last column, also where the terminal takes an emoji for wider', async () => {
    // xterm.js counts a hand and its skin colour as two characters each.
    const rows = ['', 'text', '猫', '👍🏽', 'x'.repeat(COLUMNS - 4)];
    expect(await draw(rows)).toEqual(['╭ ╮', ...rows.map(() => '│ │'), '╰ ╯']);
  });
});
