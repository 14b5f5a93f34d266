import { printablePath } from '../../../render/printable-path.js';
import type { ShownPicture } from '../../session/state/shown-picture.js';
import type { Theme } from '../terminal/theme.js';
import { wrapText } from './wrap-text.js';

/** Text is not set wider than this: longer lines are hard to read. */
export const MAX_TEXT_COLUMNS = 100;

/** How blocks are set. */
export interface BlockStyle {
  readonly theme: Theme;
  readonly columns: number;
  /** Lines that draw a picture or keep its place. */
  readonly placePicture: (picture: ShownPicture) => readonly string[];
}

/** Text in lines of a readable width, indented. */
export function setText(
  text: string,
  { columns }: Pick<BlockStyle, 'columns'>,
  paint: (text: string) => string = (line) => line,
  by = 2,
): string[] {
  const lines = wrapText(text, textColumns(columns - by + 2));
  return lines.map((line) => ' '.repeat(by) + paint(line));
}

/** Columns for text in a window of this width. */
export function textColumns(columns: number): number {
  return Math.max(10, Math.min(columns - 4, MAX_TEXT_COLUMNS));
}

/** Blocks stand two columns from the edge. */
export function indent(line: string): string {
  return `  ${line}`;
}

/** Line breaks stay, other control characters do not act. */
export function clean(text: string): string {
  return text.split('\n').map(printablePath).join('\n');
}
