import type { Detection } from '../../base/detection.js';
import { stripControl } from '../../base/strip-control.js';
import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { roundBox, roundScore } from '../round-result.js';
import type { ResultRenderer } from './result-renderer.js';

const COLUMNS = [
  'input',
  'task',
  'label',
  'score',
  'box_score',
  'x0',
  'y0',
  'x1',
  'y1',
  'text',
  'truncated',
  'error',
] as const;
/** Added after the other columns when the input is a video. */
const FRAME_COLUMNS = ['frame', 'time_seconds', 'end_seconds', 'track_id'] as const;

type Column = (typeof COLUMNS)[number] | (typeof FRAME_COLUMNS)[number];
type Row = Readonly<Partial<Record<Column, string | number>>>;

/**
 * How a formula begins in a spreadsheet. Some programs accept full-width forms too; leading whitespace makes no
 * difference.
 */
const FORMULA_START = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * One row for each detection, or for each answer of a text task. An input that failed gives a row with the error's
 * code and message; if no object is found, there is no row. Lines end in CRLF and cells are quoted according to RFC
 * 4180. Boxes are in pixels with two decimals.
 *
 * Model text and file names must not run as formulas in a spreadsheet: a cell that begins with = + - or @ gets an
 * apostrophe in front. Control characters are removed; line breaks stay inside quotes.
 *
 * When the first result is about a frame of a video, all rows also have columns for frame number, times and track id.
 */
export function createCsvRenderer(): ResultRenderer {
  let columns: readonly Column[] | undefined;
  const formatHead = (names: readonly Column[]): string => `${names.join(',')}\r\n`;
  return {
    start: () => '',
    renderResult: (result) => {
      const head = columns === undefined;
      columns ??= result.frame === undefined ? COLUMNS : [...COLUMNS, ...FRAME_COLUMNS];
      const rows = toRows(result).map((row) => formatRow(row, columns ?? COLUMNS));
      return `${head ? formatHead(columns) : ''}${rows.join('')}`;
    },
    end: () => (columns === undefined ? formatHead(COLUMNS) : ''),
  };
}

function toRows(result: TaskResult): Row[] {
  const { input, task, text, truncated, frame, error, detections = [] } = result;
  const common = {
    ...{ input, task, truncated: truncated === undefined ? '' : String(truncated) },
    ...(frame && { frame: frame.index, time_seconds: frame.timeSeconds, end_seconds: frame.endSeconds }),
  };
  if (error !== undefined) return [{ ...common, error: `${error.code}: ${error.message}` }];
  if (!isObjectResult(result)) return [{ ...common, text: text ?? '' }];
  return detections.map((detection, index) => ({
    ...common,
    ...toDetectionCells(detection),
    ...(frame?.trackIds && { track_id: frame.trackIds[index] }),
  }));
}

function toDetectionCells({ label, score, boxScore, box }: Detection): Row {
  return { label, score: roundScore(score), box_score: roundScore(boxScore), ...roundBox(box) };
}

function formatRow(row: Row, columns: readonly Column[]): string {
  return `${columns.map((column) => formatCell(row[column] ?? '')).join(',')}\r\n`;
}

function formatCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = stripControl(value).replaceAll('\t', ' ');
  const harmless = FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
