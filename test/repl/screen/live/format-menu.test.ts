import { describe, expect, it } from 'vitest';
import { formatMenu } from '../../../../src/repl/screen/live/format-menu.js';
import type { Menu } from '../../../../src/repl/input/menu.js';
import { createTheme } from '../../../../src/repl/screen/terminal/theme.js';

const theme = createTheme({ colors: 'none', isUnicode: false });

function menu(count: number, selected: number): Menu {
  const items = Array.from({ length: count }, (_, i) => ({ value: `v${i}`, label: `item ${i}`, note: '' }));
  return { from: 0, to: 0, items, selected };
}

describe('formatMenu', () => {
  it('shows all items when there is room', () => {
    expect(formatMenu(menu(3, 1), 3, 40, theme)).toEqual(['   item 0', ' > item 1', '   item 2']);
  });

  it('marks none before the user moved', () => {
    expect(formatMenu(menu(2, -1), 3, 40, theme)).toEqual(['   item 0', '   item 1']);
    expect(formatMenu(menu(9, -1), 4, 40, theme).at(-1)).toBe('   9 in all');
  });

  it('shows those around the selected one, and counts', () => {
    const rows = formatMenu(menu(20, 10), 5, 40, theme);
    expect(rows).toEqual(['   item 8 ', '   item 9 ', ' > item 10', '   item 11', '   11 of 20']);
    expect(formatMenu(menu(20, 19), 5, 40, theme).at(-2)).toBe(' > item 19');
  });

  it('keeps few rows for the items', () => {
    expect(formatMenu(menu(20, 0), 2, 40, theme)).toEqual([' > item 0', '   item 1']);
  });

  it('is no wider than the window', () => {
    for (const row of formatMenu(menu(200, 150), 8, 12, theme)) expect(row.length).toBeLessThanOrEqual(12);
  });
});
