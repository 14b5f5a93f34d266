import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });
/** Printable ASCII, whose width needs no table. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Columns that a text takes in a terminal, as Ink counts them: escape sequences take none. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** The characters that a reader sees: a flag, a family, a letter with its accents are one each. */
export function splitGraphemes(text: string): string[] {
  return PLAIN.test(text) ? text.split('') : Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** Where the character before `at` begins; 0 at the start. */
export function previousGrapheme(text: string, at: number): number {
  return graphemes.segment(text).containing(at - 1)?.index ?? 0;
}

/** Where the character at `at` ends; the text's length at its end. */
export function nextGrapheme(text: string, at: number): number {
  const found = graphemes.segment(text).containing(at);
  return found === undefined ? text.length : found.index + found.segment.length;
}

/** Where the word before `at` begins: spaces and punctuation before it are passed. */
export function previousWord(text: string, at: number): number {
  let place = at;
  while (place > 0) {
    const found = words.segment(text).containing(place - 1);
    if (found === undefined) return 0;
    place = found.index;
    if (found.isWordLike) return place;
  }
  return 0;
}

/** Where the word at or after `at` ends. */
export function nextWord(text: string, at: number): number {
  let place = at;
  while (place < text.length) {
    const found = words.segment(text).containing(place);
    if (found === undefined) break;
    place = found.index + found.segment.length;
    if (found.isWordLike) return place;
  }
  return text.length;
}

/** The text cut to so many columns, with `…` where something is missing. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let result = '';
  let width = 0;
  for (const piece of splitGraphemes(text)) {
    width += textWidth(piece);
    if (width > columns - 1) break;
    result += piece;
  }
  return columns > 0 ? `${result}…` : '';
}
