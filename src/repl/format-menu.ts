import type { Menu } from './complete.js';
import { cutToWidth, textWidth } from './graphemes.js';
import type { Theme } from './theme.js';

const MAX_LABEL_COLUMNS = 36;

/** A menu as rows, the part around the selected one. */
export function formatMenu({ items, selected }: Menu, rows: number, columns: number, theme: Theme): string[] {
  if (rows <= 0) return [];
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
