import { isObjectResult } from '../../../base/task-result.js';
import { formatClock } from '../../../render/format-time.js';
import { clean, indent, MAX_TEXT_COLUMNS, setText, textColumns, type BlockStyle } from './block-style.js';
import { formatMoment } from './format-moment.js';
import { formatObjects } from './format-objects.js';
import { formatTimeline, formatVideo } from './format-video.js';
import { cutToWidth, textWidth } from '../../input/graphemes.js';
import { decimalsOf } from '../../session/state/sample-decimals.js';
import type { Block } from '../../session/state/session-state.js';
import type { Theme } from '../terminal/theme.js';
import { wrapText } from './wrap-text.js';
import { countNoun } from '../../../render/count-noun.js';

/** A finished block as lines, a blank line at its end unless more of it follows. No line is wider than the window. */
export function formatBlock(block: Block, style: BlockStyle): string[] {
  const line = 'line' in block && block.line !== undefined ? formatEcho(block.line, style) : [];
  // Moments of one video stand together.
  return [...line, ...formatBody(block, style), ...(block.type === 'moment' ? [] : [''])];
}

/** The line that was entered. */
export function formatEcho(
  line: string,
  { theme, columns }: Pick<BlockStyle, 'theme' | 'columns'>,
): string[] {
  const shown = clean(line.trim());
  const [first, ...rest] = wrapText(shown, textColumns(columns));
  return [
    `${theme.accent(theme.glyphs.prompt)} ${theme.bold(first)}`,
    ...rest.map((text) => `  ${theme.bold(text)}`),
  ];
}

/** The block alone, without the line that asked for it. */
export function formatBody(block: Block, style: BlockStyle): string[] {
  const { theme, columns } = style;
  const { glyphs } = theme;
  switch (block.type) {
    case 'header': {
      const [name, ...rest] = [`pali ${block.version}`, block.model].join(` ${glyphs.dot} `).split(' ');
      return [indent(`${theme.accent(name)} ${theme.dim(rest.join(' '))}`)];
    }
    case 'picture':
      return [
        indent(formatPictureName(block, style)),
        ...(block.shown === undefined ? [] : style.placePicture(block.shown)),
        ...(block.moment === undefined
          ? []
          : formatMoment(block.moment.moment, block.moment.look, { theme, columns })),
      ];
    case 'video':
      return formatVideo(block, style);
    case 'moment':
      return [
        ...(block.pictureName === undefined ? [] : [formatName(block.pictureName, style)]),
        ...formatMoment(block.moment, block.look, { theme, columns }),
      ];
    case 'timeline':
      return formatTimeline(block, style);
    case 'answer':
      return formatAnswer(block, style);
    case 'error':
      return [
        ...wrapText(`${glyphs.cross} ${clean(block.message)}`, textColumns(columns) - 2).map((text, index) =>
          indent(theme.error(index === 0 ? text : `  ${text}`)),
        ),
        ...(block.hint === undefined ? [] : setText(clean(block.hint), style, theme.dim, 4)),
        ...(block.stack === undefined ? [] : setText(clean(block.stack), style, theme.dim, 4)),
      ];
    case 'note':
      return setText(clean(block.text), style, toneOf(theme, block.tone));
    case 'table':
      return formatTable(block.rows, style);
  }
}

type AnswerBlock = Extract<Block, { type: 'answer' }>;

function formatAnswer(block: AnswerBlock, style: BlockStyle): string[] {
  const { theme, columns } = style;
  const { result, shown, isCancelled } = block;
  const lines: string[] = [];
  if (block.pictureName !== undefined) lines.push(formatName(block.pictureName, style));
  if (shown !== undefined) lines.push(...style.placePicture(shown));
  const objects = result.detections ?? [];
  if (isObjectResult(result)) {
    const rows = formatObjects(objects, { theme, columns: columns - 2, isGrowing: false });
    lines.push(...rows.map(indent));
    if (rows.length === 0 && !isCancelled) lines.push(indent('none found'));
  } else if (result.text) {
    lines.push(...setText(clean(result.text), style));
  } else if (!isCancelled) {
    lines.push(indent(theme.dim('the model said nothing')));
  }
  const rejected = result.rejected?.length ?? 0;
  if (rejected > 0 && !isCancelled) {
    lines.push(...setText(`${rejected} of the answer's records could not be read.`, style, theme.warning));
  }
  if (result.truncated) {
    lines.push(
      ...setText(
        `stopped at ${block.maxTokens} tokens; /set max-tokens ${block.maxTokens * 2}`,
        style,
        theme.warning,
      ),
    );
  }
  return [...lines, indent(theme.dim(summarize(block, theme)))];
}

function formatName(name: string, { theme, columns }: BlockStyle): string {
  return indent(theme.dim(cutToWidth(clean(name), columns - 4)));
}

function summarize({ result, seconds, isCancelled, number }: AnswerBlock, theme: Theme): string {
  const count = result.detections?.length ?? 0;
  const what = isObjectResult(result) && count > 0 ? [countNoun(count, 'object')] : [];
  const { frame } = result;
  const when = frame === undefined ? [] : [formatClock(frame.timeSeconds, decimalsOf(frame.timeSeconds))];
  const parts = [
    ...when,
    ...what,
    ...(isCancelled ? ['cancelled'] : []),
    `${seconds.toFixed(2)} s`,
    ...(number === undefined ? [] : [`answer ${number}`]),
  ];
  return parts.join(` ${theme.glyphs.dot} `);
}

function formatPictureName(
  { picture, position }: Extract<Block, { type: 'picture' }>,
  { theme, columns }: BlockStyle,
): string {
  const { width, height } = picture.image;
  const place = picture.video?.place;
  const size =
    place === undefined
      ? `${width}${theme.glyphs.times}${height}`
      : formatClock(place.timeSeconds, decimalsOf(place.timeSeconds));
  const rest = [size, ...(position === '' ? [] : [position])].join(` ${theme.glyphs.dot} `);
  const name = cutToWidth(clean(picture.name), Math.max(8, columns - textWidth(rest) - 6));
  return `${name}  ${theme.dim(rest)}`;
}

function formatTable(rows: readonly (readonly [string, string])[], { theme, columns }: BlockStyle): string[] {
  const width = Math.max(0, ...rows.map(([name]) => textWidth(name)));
  // In a narrow window what follows goes below.
  const isNarrow = columns - width < 30;
  return rows.flatMap(([name, value]) => {
    const room = columns - (isNarrow ? 6 : width + 6);
    const texts = value === '' ? [] : wrapText(clean(value), Math.max(10, Math.min(room, MAX_TEXT_COLUMNS)));
    const shown = cutToWidth(name, columns - 4);
    if (isNarrow) return [indent(shown), ...texts.map((text) => `    ${theme.dim(text)}`)];
    const first = `${shown}${' '.repeat(width - textWidth(shown))}  ${theme.dim(texts[0] ?? '')}`.trimEnd();
    return [indent(first), ...texts.slice(1).map((text) => ' '.repeat(width + 4) + theme.dim(text))];
  });
}

function toneOf(theme: Theme, tone: 'plain' | 'dim' | 'warning'): (text: string) => string {
  return tone === 'dim' ? theme.dim : tone === 'warning' ? theme.warning : (text) => text;
}
