import { ptbRules, type PtbRule } from './ptb-rules.js';

/** What most of a caption is: a small word with nothing special, and what may follow it so that no rule looks on. */
const PLAIN_WORD = /[a-z]+(?=[ \n])/y;
const BLANK = /[ \t\f\r\v\u00A0\u2000-\u200B\u2028\u2029\u3000]+|&nbsp;|[\u2010-\u2012]|[\uFE00-\uFE0F]/y;
/** Small words that are taken apart. */
const SPLIT_WORD = /^(?:cannot|gonna|gotta|lemme|gimme|wanna)$/;

/**
 * Tokens of lines of text as Stanford's PTBTokenizer 3.4.1 gives them with `-preserveLines -lowerCase`, as used by
 * coco-caption. Lines are read as one text: an abbreviation at the end of a line looks at the beginning of the next.
 *
 * @param lines without line feeds.
 * @returns the tokens of each line, in small letters.
 */
export function ptbTokenize(lines: readonly string[]): string[][] {
  // Characters beyond the first plane are none of its tokens, but end one.
  const text = `${lines.join('\n')}\n`.replace(/[\u{10000}-\u{10FFFF}]/gu, '\uFFFF');
  const tokenized: string[][] = [];
  let tokens: string[] = [];
  for (let place = 0; place < text.length;) {
    if (text[place] === '\n') {
      tokenized.push(tokens);
      tokens = [];
      place++;
      continue;
    }
    PLAIN_WORD.lastIndex = place;
    const word = PLAIN_WORD.exec(text)?.[0];
    if (word !== undefined && !SPLIT_WORD.test(word)) {
      tokens.push(word);
      place += word.length;
      continue;
    }
    BLANK.lastIndex = place;
    const blank = BLANK.exec(text)?.[0];
    if (blank !== undefined) {
      place += blank.length;
      continue;
    }
    const best = findLongest(text, place);
    if (best === undefined) place++;
    else {
      const written = best.rule.write?.(best.text) ?? best.text;
      const clean = written.replaceAll('\u00AD', '').toLowerCase();
      tokens.push(...clean.split(/[ \u00A0]+/).filter((token) => token !== ''));
      place += best.text.length;
    }
  }
  return tokenized;
}

function findLongest(text: string, place: number): { rule: PtbRule; text: string } | undefined {
  let best: { rule: PtbRule; text: string } | undefined;
  let longest = 0;
  for (const rule of ptbRules) {
    rule.pattern.lastIndex = place;
    const match = rule.pattern.exec(text);
    if (match === null) continue;
    const length = match[0].length + (match.groups?.['next']?.length ?? 0);
    if (length <= longest || match[0] === '') continue;
    longest = length;
    best = { rule, text: match[0] };
  }
  return best;
}
