import { displayWidth } from '../../render/display-width.js';

/** Help is read in terminals of this width, in columns. */
const COLUMNS = 80;

/** A word and what it means. */
export type Term = readonly [term: string, meaning: string];

/**
 * Terms with their meanings beside them in a column of its own, wrapped at 80 columns and indented by two. A
 * term that is too long for its column stands in a line of its own.
 *
 * @param termColumns width of the terms, the gap after them included.
 */
export function formatTerms(terms: readonly Term[], termColumns: number): string {
  const indent = ' '.repeat(2 + termColumns);
  return terms
    .map(([term, meaning]) => {
      const lines = wrapWords(meaning, COLUMNS - indent.length);
      const gap = termColumns - displayWidth(term);
      const isTooLong = gap < 1;
      const first = isTooLong ? `  ${term}\n${indent}` : `  ${term}${' '.repeat(gap)}`;
      return first + lines.join(`\n${indent}`);
    })
    .join('\n');
}

/** Words in lines of at most this many columns; a longer word gets a line of its own. */
function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
