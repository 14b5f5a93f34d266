import { cutToWidth, textWidth } from '../../input/graphemes.js';
import type { Menu } from '../../input/menu.js';
import type { Theme } from '../terminal/theme.js';

const MAX_LABEL_COLUMNS = 36;
/** In fewer rows every one is needed for the items. */
const MIN_ROWS_TO_COUNT = 4;

/** A menu as rows, the part around the selected one; where not all fit, the last row counts them. */
export function formatMenu(menu: Menu, rows: number, columns: number, theme: Theme): string[] {
  if (rows <= 0) return [];
  const { items, selected } = menu;
  if (items.length <= rows || rows < MIN_ROWS_TO_COUNT) return formatItems(menu, rows, columns, theme);
  const count = selected < 0 ? `   ${items.length} in all` : `   ${selected + 1} of ${items.length}`;
  return [...formatItems(menu, rows - 1, columns, theme), theme.dim(cutToWidth(count, columns - 2))];
}

function formatItems({ items, selected }: Menu, rows: number, columns: number, theme: Theme): string[] {
  const first = Math.min(Math.max(0, selected - Math.floor(rows / 2)), Math.max(0, items.length - rows));
  const shown = items.slice(first, first + rows);
  const widest = Math.max(...shown.map(({ label }) => textWidth(label)));
  const labelColumns = Math.min(widest, MAX_LABEL_COLUMNS, columns - 6);
  return shown.map(({ label, note }, index) => {
    const name = cutToWidth(label, labelColumns);
    const padded = name + ' '.repeat(labelColumns - textWidth(name));
    const room = columns - labelColumns - 8;
    const text = note === '' || room < 8 ? '' : `  ${cutToWidth(note, room)}`;
    const isSelected = first + index === selected;
    if (!isSelected) return `   ${padded}${theme.dim(text)}`;
    // Without colours the selected row is marked by a sign.
    return theme.isColored
      ? `  ${theme.inverse(` ${padded}${text} `)}`
      : ` ${theme.glyphs.prompt} ${padded}${text}`;
  });
}
