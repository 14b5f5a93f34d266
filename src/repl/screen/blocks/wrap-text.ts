import { splitGraphemes, textWidth } from '../../input/graphemes.js';

/**
 * Break a text without escape sequences at word borders. Words longer than a line are broken where it ends.
 *
 * @param columns 1 or more.
 */
export function wrapText(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, columns));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let width = 0;
  for (const word of line.split(/(?<=\s)/)) {
    const length = textWidth(word.trimEnd());
    if (width + length > columns && current !== '') {
      lines.push(current.trimEnd());
      current = '';
      width = 0;
    }
    for (const piece of length > columns ? splitGraphemes(word) : [word]) {
      const pieceWidth = textWidth(piece);
      if (length > columns && width + pieceWidth > columns) {
        lines.push(current);
        current = '';
        width = 0;
      }
      current += piece;
      width += pieceWidth;
    }
  }
  return [...lines, current.trimEnd()];
}
