import { printablePath } from '../render/printable-path.js';
import { isObjectResult } from '../render/text.js';
import { formatObjects } from './format-objects.js';
import { cutToWidth, textWidth } from './graphemes.js';
import type { Block, ShownPicture } from './session-state.js';
import type { Theme } from './theme.js';
import { wrapText } from './wrap-text.js';

/** Text is not set wider than this: longer lines are hard to read. */
const MAX_TEXT_COLUMNS = 100;

/** How blocks are set. */
export interface BlockStyle {
  readonly theme: Theme;
  readonly columns: number;
  /** Lines that draw a picture or keep its place. */
  readonly placePicture: (picture: ShownPicture) => readonly string[];
}

/** A finished block as lines, a blank line at its end. No line is wider than the window. */
export function formatBlock(block: Block, style: BlockStyle): string[] {
  const line = 'line' in block && block.line !== undefined ? formatEcho(block.line, style) : [];
  return [...line, ...formatBody(block, style), ''];
}

/** The line that was entered. */
export function formatEcho(
  line: string,
  { theme, columns }: Pick<BlockStyle, 'theme' | 'columns'>,
): string[] {
  const shown = line.trim().split('\n').map(printablePath).join('\n');
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
      ];
    case 'answer':
      return formatAnswer(block, style);
    case 'error':
      return [
        ...wrapText(`${glyphs.cross} ${clean(block.message)}`, textColumns(columns)).map((text) =>
          indent(theme.error(text)),
        ),
        ...(block.hint === undefined ? [] : set(clean(block.hint), style, theme.dim, 4)),
        ...(block.stack === undefined ? [] : set(clean(block.stack), style, theme.dim, 4)),
      ];
    case 'note':
      return set(clean(block.text), style, toneOf(theme, block.tone));
    case 'table':
      return formatTable(block.rows, style);
  }
}

type AnswerBlock = Extract<Block, { type: 'answer' }>;

function formatAnswer(block: AnswerBlock, style: BlockStyle): string[] {
  const { theme, columns } = style;
  const { result, shown, isCancelled } = block;
  const lines: string[] = [];
  if (block.pictureName !== undefined)
    lines.push(indent(theme.dim(cutToWidth(clean(block.pictureName), columns - 4))));
  if (shown !== undefined) lines.push(...style.placePicture(shown));
  const objects = result.detections ?? [];
  if (isObjectResult(result)) {
    const rows = formatObjects(objects, { theme, columns: columns - 2, isGrowing: false });
    lines.push(...rows.map(indent));
    if (rows.length === 0 && !isCancelled) lines.push(indent('none found'));
  } else if (result.text) {
    lines.push(...set(clean(result.text), style));
  } else if (!isCancelled) {
    lines.push(indent(theme.dim('the model said nothing')));
  }
  const rejected = result.rejected?.length ?? 0;
  if (rejected > 0 && !isCancelled) {
    lines.push(...set(`${rejected} of the answer's records could not be read.`, style, theme.warning));
  }
  if (result.truncated) {
    lines.push(
      ...set(
        `stopped at ${block.maxTokens} tokens; /set max-tokens ${block.maxTokens * 2}`,
        style,
        theme.warning,
      ),
    );
  }
  return [...lines, indent(theme.dim(summarize(block, theme)))];
}

function summarize({ result, seconds, isCancelled }: AnswerBlock, theme: Theme): string {
  const count = result.detections?.length ?? 0;
  const what = isObjectResult(result) && count > 0 ? [`${count} object${count === 1 ? '' : 's'}`] : [];
  const parts = [...what, ...(isCancelled ? ['cancelled'] : []), `${seconds.toFixed(2)} s`];
  return parts.join(` ${theme.glyphs.dot} `);
}

function formatPictureName(
  { picture, position }: Extract<Block, { type: 'picture' }>,
  { theme, columns }: BlockStyle,
): string {
  const { width, height } = picture.image;
  const size = `${width}${theme.glyphs.times}${height}`;
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

/** Text in lines of a readable width, indented. */
function set(
  text: string,
  { columns }: Pick<BlockStyle, 'columns'>,
  paint: (text: string) => string = (line) => line,
  by = 2,
): string[] {
  const lines = wrapText(text, Math.max(10, Math.min(columns - by - 2, MAX_TEXT_COLUMNS)));
  return lines.map((line) => ' '.repeat(by) + paint(line));
}

function textColumns(columns: number): number {
  return Math.max(10, Math.min(columns - 4, MAX_TEXT_COLUMNS));
}

function indent(line: string): string {
  return `  ${line}`;
}

/** Line breaks stay, other control characters do not act. */
function clean(text: string): string {
  return text.split('\n').map(printablePath).join('\n');
}
