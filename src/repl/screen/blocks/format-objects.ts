import type { Detection } from '../../../base/detection.js';
import { assignLabelColors } from '../../../render/drawing/label-colors.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import type { Theme } from '../terminal/theme.js';

/** How a list of objects is set. */
export interface ObjectListStyle {
  readonly theme: Theme;
  readonly columns: number;
  /** The last one is still being written: it has no score yet. */
  readonly isGrowing: boolean;
  /** Labels that have their colours before those of these objects: of other frames of a video. */
  readonly labels?: readonly string[];
  /** Numbers that stay with the objects, in their order. */
  readonly ids?: readonly number[] | undefined;
}

/** Columns of the longest bar: probability 1. */
const BAR_COLUMNS = 9;
/** Labels are aligned up to this width; longer ones are cut. */
const MAX_LABEL_COLUMNS = 28;
/** Under this many columns an object takes two lines, without a bar. */
const NARROW_COLUMNS = 58;

/** Objects as lines: bullet in the label's colour, label, score as a bar and a number, corners. */
export function formatObjects(objects: readonly Detection[], style: ObjectListStyle): string[] {
  const colors = assignLabelColors([...(style.labels ?? []), ...objects.map(({ label }) => label)]);
  const names = objects.map(({ label }, index) => {
    const id = style.ids?.[index];
    return id === undefined ? label : `${label} #${id}`;
  });
  const widest = Math.max(6, ...names.map(textWidth));
  const labelColumns = Math.min(widest, MAX_LABEL_COLUMNS, Math.max(6, style.columns - 16));
  return objects.flatMap((object, index) => {
    const isGrowing = style.isGrowing && index === objects.length - 1;
    const { color } = colors.get(object.label)!;
    return formatObject({ ...object, label: names[index] }, color, labelColumns, isGrowing, style);
  });
}

function formatObject(
  { label, score, box }: Detection,
  color: readonly [number, number, number],
  labelColumns: number,
  isGrowing: boolean,
  { theme, columns }: ObjectListStyle,
): string[] {
  const name = pad(cutToWidth(label, labelColumns), labelColumns);
  const bullet = theme.label(theme.glyphs.bullet, color);
  if (isGrowing) return [`${bullet} ${theme.dim(`${name.trimEnd()} ...`)}`];
  const [x0, y0, x1, y1] = [box.x0, box.y0, box.x1, box.y1].map((value) => String(Math.round(value)));
  const number = score.toFixed(2);
  if (columns < NARROW_COLUMNS) {
    return [`${bullet} ${name}  ${number}`, theme.dim(`  ${x0},${y0} ${x1},${y1}`)];
  }
  if (theme.glyphs.bar === '')
    return [`${bullet} ${label}  ${number}  ${theme.dim(`${x0},${y0} ${x1},${y1}`)}`];
  const length = Math.max(1, Math.round(score * BAR_COLUMNS));
  const bar = theme.label(theme.glyphs.bar.repeat(length), color) + ' '.repeat(BAR_COLUMNS - length);
  const corners = `${x0.padStart(4)}, ${y0.padStart(4)}  ${x1.padStart(4)}, ${y1.padStart(4)}`;
  return [`${bullet} ${name}  ${bar} ${number}  ${theme.dim(corners)}`];
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}
