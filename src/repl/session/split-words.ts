/** A word of a line, and its position. */
export interface LineWord {
  /** Without quotes and escapes. */
  readonly value: string;
  readonly start: number;
  /** Just after its last character, quotes included. */
  readonly end: number;
  /** It begins with an unescaped `@`; `value` is then what follows. */
  readonly isReference: boolean;
  /** A quote was opened and not closed. */
  readonly isOpen: boolean;
}

/**
 * The words of a line, split as a shell would: quotes keep spaces together, a backslash makes the next character
 * literal. Quotes only count in words that begin with one, so that `it's` is a word, and so is
 * `'it'\''s mine'`, as terminals write the path of a dropped file. On Windows, where backslashes separate folders,
 * a backslash is kept unless a space or a quote follows.
 */
export function splitWords(line: string, isWindows = process.platform === 'win32'): LineWord[] {
  const words: LineWord[] = [];
  let place = 0;
  while (place < line.length) {
    if (/\s/.test(line[place])) {
      place++;
      continue;
    }
    const word = readWord(line, place, isWindows);
    words.push(word);
    place = word.end;
  }
  return words;
}

function readWord(line: string, start: number, isWindows: boolean): LineWord {
  const isReference = line[start] === '@';
  let place = isReference ? start + 1 : start;
  let value = '';
  const isQuoted = /["']/.test(line[place] ?? '');
  while (place < line.length && !/\s/.test(line[place])) {
    if (isQuoted && /["']/.test(line[place])) {
      const quoted = readQuoted(line, place + 1, line[place]);
      value += quoted.value;
      place = quoted.end;
      if (quoted.isOpen) return { value, start, end: place, isReference, isOpen: true };
      continue;
    }
    if (line[place] === '\\' && place + 1 < line.length && (!isWindows || /[\s"']/.test(line[place + 1]))) {
      place++;
    }
    value += line[place++];
  }
  return { value, start, end: place, isReference: isReference && value !== '', isOpen: false };
}

function readQuoted(
  line: string,
  start: number,
  quote: string,
): { value: string; end: number; isOpen: boolean } {
  let value = '';
  for (let place = start; place < line.length; place++) {
    const char = line[place];
    if (char === quote) return { value, end: place + 1, isOpen: false };
    // Between double quotes, only a quote and a backslash need escaping.
    const isEscape = char === '\\' && quote === '"' && /["\\]/.test(line[place + 1] ?? '');
    value += isEscape ? line[++place] : char;
  }
  return { value, end: line.length, isOpen: true };
}

/** A path as one word of a line, quoted if necessary. */
export function quotePath(path: string): string {
  if (/^[^\s"'\\]+$/.test(path)) return path;
  return `"${path.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}
