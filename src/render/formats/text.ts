import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { toDetectionRows, type DetectionRow } from './detection-rows.js';
import { displayWidth } from '../display-width.js';
import { formatTimestamp } from '../format-time.js';
import { assignLabelColors, type LabelColor } from '../drawing/label-colors.js';
import { encodeColor, type ColorDepth } from '../terminal-picture/encode-blocks.js';
import { printablePath } from '../printable-path.js';
import type { ResultRenderer } from './result-renderer.js';

/** How text output looks. */
export interface TextStyle {
  /** Begin every line with the input's name, as grep does. */
  readonly withInputName: boolean;
  /** For people: aligned columns, and `none found` in words. Otherwise fields are separated by one tab. */
  readonly isTerminal: boolean;
  readonly isColored: boolean;
  /** A picture with the objects in their colours stands above: dots in these colours, of which the terminal has so many. */
  readonly dots?: ColorDepth | undefined;
}

/** Columns of a picture's rows are aligned up to this width; longer labels push their own row to the right. */
const MAX_ALIGNED_COLUMNS = 40;

/**
 * The default format. Detections: `label score x0,y0 x1,y1`, one per line, plus `#id` if they are tracked; other
 * answers: the sentence. An input that failed gives nothing here: its error goes to stderr. If no object is found, a
 * terminal shows `none found` and a pipe gets no line. Lines about a video frame begin with its time; a frame whose
 * lines are the same as the previous frame's gives none.
 */
export function createTextRenderer(style: TextStyle): ResultRenderer {
  let before: string | undefined;
  return {
    start: () => '',
    end: () => '',
    renderResult: (result) => {
      if (result.error !== undefined) return '';
      const lines = renderLines(result, style);
      const content = result.frame && `${result.input}\n${lines.join('\n')}`;
      if (content !== undefined && content === before) return '';
      before = content;
      const name = style.withInputName ? namePrefix(result.input, style) : '';
      const prefix = result.frame ? `${name}${timePrefix(result.frame.timeSeconds, style)}` : name;
      return lines.map((line) => `${prefix}${line}\n`).join('');
    },
  };
}

function renderLines(result: TaskResult, style: TextStyle): string[] {
  if (!isObjectResult(result)) return (result.text ?? '').split('\n');
  const rows = toDetectionRows(result.detections ?? []);
  if (rows.length === 0) return style.isTerminal ? [paint('none found', 2, style)] : [];
  const ids = result.frame?.trackIds?.map((id) => `#${id}`);
  if (style.isTerminal) return alignRows(rows, ids, style);
  return rows.map((row, i) => [...row, ...(ids ? [ids[i]] : [])].join('\t'));
}

function alignRows(
  rows: readonly DetectionRow[],
  ids: readonly string[] | undefined,
  style: TextStyle,
): string[] {
  const widths = [0, 1, 2, 3].map((column) =>
    Math.min(MAX_ALIGNED_COLUMNS, Math.max(...rows.map((row) => displayWidth(row[column])))),
  );
  const colors = assignLabelColors(rows.map(([label]) => label));
  return rows.map((row, i) => {
    const [label, score, from, to] = row.map((cell, column) => padCell(cell, widths[column]));
    const corners = ids ? `${from}  ${to}  ${ids[i]}` : `${from}  ${row[3]}`;
    const name =
      style.dots === undefined
        ? paint(label, 36, style)
        : `${formatDot(row[0], colors, style.dots)} ${label}`;
    return `${name}  ${score}  ${paint(corners, 2, style)}`;
  });
}

/** A dot in the colour that the label has on the picture. */
function formatDot(label: string, colors: ReadonlyMap<string, LabelColor>, depth: ColorDepth): string {
  const { color } = colors.get(label)!;
  return `\u001b[38;${encodeColor(color, depth)}m●\u001b[39m`;
}

function namePrefix(input: string, style: TextStyle): string {
  const name = printablePath(input);
  return style.isTerminal ? `${paint(name, 35, style)}  ` : `${name}\t`;
}

function timePrefix(seconds: number, style: TextStyle): string {
  const time = formatTimestamp(seconds);
  return style.isTerminal ? `${paint(time, 2, style)}  ` : `${time}\t`;
}

function padCell(cell: string, columns: number): string {
  return cell + ' '.repeat(Math.max(0, columns - displayWidth(cell)));
}

/** @param code SGR code: 2 dim, 35 magenta, 36 cyan. */
function paint(text: string, code: 2 | 35 | 36, { isColored }: TextStyle): string {
  return isColored && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
}
