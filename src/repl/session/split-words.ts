/** A word of a line, and where it stands. */
export interface LineWord {
  /** Quotes and escapes taken away. */
  readonly value: string;
  readonly start: number;
  /** Behind its last character, quotes included. */
  readonly end: number;
  /** Begins with `@` that is not escaped; `value` is then what follows it. */
  readonly isReference: boolean;
  /** A quote was opened and not closed. */
  readonly isOpen: boolean;
}

/**
 * The words of a line, as a shell would split them: quotes keep spaces together, a backslash takes the next
 * character as it is. Quotes count in words that begin with one only, so that `it's` is a word, and so is
 * `'it'\''s mine'`, as terminals write the path of a dropped file. On Windows, where backslashes part folders, one
 * stays unless a space or a quote follows.
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
    // Between double quotes only a quote and a backslash need one.
    const isEscape = char === '\\' && quote === '"' && /["\\]/.test(line[place + 1] ?? '');
    value += isEscape ? line[++place] : char;
  }
  return { value, end: line.length, isOpen: true };
}

/** A path as one word of a line: quoted when it has to be. */
export function quotePath(path: string): string {
  if (/^[^\s"'\\]+$/.test(path)) return path;
  return `"${path.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}
