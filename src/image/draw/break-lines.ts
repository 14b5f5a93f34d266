import type { Pixels } from './encode-image.js';
import { cleanLine, renderText, type Color } from './render-text.js';

/** A line of a paragraph. */
export interface TextLine {
  readonly text: string;
  /** RGBA, about 1.3 times as high as the font. */
  readonly picture: Pixels;
}

/** How a text is set. */
export interface ParagraphStyle {
  readonly fontPixels: number;
  /** Of a line, pixels. */
  readonly width: number;
  readonly color: Color;
  /** What does not fit is cut, with an ellipsis. */
  readonly maxLines: number;
  /** Widths that are known already, for many texts in one size. */
  readonly widths?: WordWidths | undefined;
}

/** Widths of words, pixels, by the size of the font and the word. */
export type WordWidths = Map<string, number>;

/** Longest text that is set, characters: the model's text is not bounded. */
const MAX_CHARACTERS = 4000;
/** Longest line: beyond it the width decides in any case. */
const MAX_LINE_CHARACTERS = 1000;
/** Width of a space, in font sizes: DejaVu Sans Bold's. */
const SPACE = 0.35;
/** From this share of its width on, a line is measured whole. */
const NEARLY = 0.75;

/**
 * Break a text into lines between words, or inside a word that is wider than a line. Empty lines are left out.
 * @returns one or more lines; none when there is nothing to see or not even a letter fits.
 */
export async function breakLines(text: string, style: ParagraphStyle): Promise<TextLine[]> {
  const measure = createMeasure(style.fontPixels, style.widths ?? new Map<string, number>());
  const lines: string[] = [];
  for (const paragraph of text.slice(0, MAX_CHARACTERS).split('\n')) {
    const words = cleanLine(paragraph, MAX_LINE_CHARACTERS).split(/\s+/).filter(Boolean);
    lines.push(...(await fillLines(words, style, measure)));
    if (lines.length > style.maxLines) break;
  }
  const shown = lines.slice(0, style.maxLines);
  if (lines.length > shown.length) shown.push(await addEllipsis(shown.pop()!, style, measure));
  const pictures = await Promise.all(
    shown.map((line) => renderText(line, style.fontPixels, style.color, MAX_LINE_CHARACTERS)),
  );
  return shown.flatMap((line, index) => {
    const picture = pictures[index];
    return picture === undefined ? [] : [{ text: line, picture }];
  });
}

/** Width of a word, pixels. */
type Measure = (word: string) => Promise<number>;

function createMeasure(fontPixels: number, widths: WordWidths): Measure {
  return async (word) => {
    const key = `${fontPixels} ${word}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const width = (await renderText(word, fontPixels, [0, 0, 0], MAX_LINE_CHARACTERS))?.width ?? 0;
    widths.set(key, width);
    return width;
  };
}

async function fillLines(
  words: readonly string[],
  { fontPixels, width, maxLines }: ParagraphStyle,
  measure: Measure,
): Promise<string[]> {
  const lines: string[] = [];
  let line: string[] = [];
  let used = 0;
  /** Words take a little more room in a line than alone, where only their ink counts. */
  const isWider = async (pieces: readonly string[]): Promise<boolean> =>
    (await measure(pieces.join(' '))) > width;
  for (const word of words) {
    if (lines.length > maxLines) break;
    for (const piece of await splitWord(word, width, measure)) {
      const wide = await measure(piece);
      const next = used + SPACE * fontPixels + wide;
      if (line.length > 0 && (next > width || (next > NEARLY * width && (await isWider([...line, piece]))))) {
        lines.push(line.join(' '));
        line = [];
        used = 0;
      }
      used += (line.length > 0 ? SPACE * fontPixels : 0) + wide;
      line.push(piece);
    }
  }
  return line.length > 0 ? [...lines, line.join(' ')] : lines;
}

/** A word in pieces that are no wider than a line; text without spaces, such as Chinese, is one word. */
async function splitWord(word: string, width: number, measure: Measure): Promise<string[]> {
  const wide = await measure(word);
  if (wide <= width) return [word];
  const characters = Array.from(word);
  if (characters.length < 2) return [];
  const keep = Math.max(1, Math.min(characters.length - 1, Math.floor((characters.length * width) / wide)));
  const [first, rest] = [characters.slice(0, keep).join(''), characters.slice(keep).join('')];
  return [...(await splitWord(first, width, measure)), ...(await splitWord(rest, width, measure))];
}

async function addEllipsis(line: string, { width }: ParagraphStyle, measure: Measure): Promise<string> {
  let characters = Array.from(line);
  while (characters.length > 0 && (await measure(`${characters.join('')}…`)) > width) {
    characters = characters.slice(0, -1);
  }
  return `${characters.join('').trimEnd()}…`;
}
