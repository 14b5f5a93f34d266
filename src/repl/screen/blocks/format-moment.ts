import { isObjectResult, type TaskResult } from '../../../base/task-result.js';
import { formatClock } from '../../../render/format-time.js';
import { assignLabelColors } from '../../../render/drawing/label-colors.js';
import { printablePath } from '../../../render/printable-path.js';
import { textWidth } from '../../input/graphemes.js';
import { clean, MAX_TEXT_COLUMNS } from './block-style.js';
import type { Theme } from '../terminal/theme.js';
import { countObjects } from '../../session/prompts/video-timeline.js';
import type { Moment, MomentLook } from '../../session/state/video-state.js';
import { wrapText } from './wrap-text.js';

const MIN_TEXT_COLUMNS = 12;
/** Between two kinds of objects. */
const GAP = 2;

/** A moment as lines: when, and what its frames say. Further lines are set below the first. */
export function formatMoment(
  moment: Moment,
  look: MomentLook,
  { theme, columns }: { readonly theme: Theme; readonly columns: number },
): string[] {
  const time = formatRange(moment, look, theme);
  const left = Math.max(textWidth(time), 2 * look.timeColumns + 1) + 2;
  const room = columns - left - 4;
  // In a very narrow window the answer goes below its time.
  const isBelow = room < MIN_TEXT_COLUMNS;
  const width = Math.max(MIN_TEXT_COLUMNS, Math.min(isBelow ? columns - 6 : room, MAX_TEXT_COLUMNS));
  const lines = formatAnswer(moment.results[0], look, theme, width);
  if (isBelow) return [`  ${theme.dim(time)}`, ...lines.map((line) => `    ${line}`)];
  const padding = ' '.repeat(left - textWidth(time));
  return lines.map((line, row) =>
    row === 0 ? `  ${theme.dim(time)}${padding}${line}` : `  ${' '.repeat(left)}${line}`,
  );
}

function formatRange(
  { startSeconds, lastSeconds }: Moment,
  { decimals }: MomentLook,
  { glyphs }: Theme,
): string {
  const [start, last] = [startSeconds, lastSeconds].map((seconds) => formatClock(seconds, decimals));
  return start === last ? start : `${start}${glyphs.range}${last}`;
}

function formatAnswer(result: TaskResult, look: MomentLook, theme: Theme, columns: number): string[] {
  if (result.error !== undefined) {
    const text = `${theme.glyphs.cross} ${printablePath(result.error.message)}`;
    return wrapText(text, columns).map(theme.error);
  }
  if (isObjectResult(result)) return formatCounts(result, look, theme, columns);
  const text = clean(result.text ?? '');
  return text === '' ? [theme.dim('nothing')] : wrapText(text, columns);
}

/** `● dog  ● tractor ×2`; with numbers `● dog #1`. */
function formatCounts(result: TaskResult, { labels }: MomentLook, theme: Theme, columns: number): string[] {
  const { glyphs } = theme;
  const colors = assignLabelColors(labels);
  const parts = countObjects(result, labels).map(({ label, count, ids }) => {
    const name = printablePath(label) || 'object';
    const many =
      ids.length > 0 ? ids.map((id) => ` #${id}`).join('') : count > 1 ? ` ${glyphs.times}${count}` : '';
    const color = colors.get(label)?.color ?? [128, 128, 128];
    return {
      text: `${theme.label(glyphs.bullet, color)} ${name}${theme.dim(many)}`,
      width: textWidth(`* ${name}${many}`),
    };
  });
  if (parts.length === 0) return [theme.dim('none found')];
  const lines: string[] = [];
  let width = Infinity;
  for (const part of parts) {
    if (width + GAP + part.width > columns) {
      lines.push(part.text);
      width = part.width;
    } else {
      lines.push(`${lines.pop()}${' '.repeat(GAP)}${part.text}`);
      width += GAP + part.width;
    }
  }
  return lines;
}
