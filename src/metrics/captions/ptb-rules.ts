import { ignoreCase, inAnyCase, inCapitals, ptbWords } from './ptb-words.js';

/** How a stretch of text becomes tokens. */
export interface PtbRule {
  /**
   * Sticky. What it matches is the token; a group `next`, looked at and not taken, counts where rules compete for
   * the longest match.
   */
  readonly pattern: RegExp;
  /** The token, or several with spaces between; the matched text where absent. */
  readonly write?: (text: string) => string;
}

/** Characters that the Penn Treebank writes otherwise; brackets in small letters, as everything in the end. */
const TREEBANK: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': "''",
  '(': '-lrb-',
  ')': '-rrb-',
  '[': '-lsb-',
  ']': '-rsb-',
  '{': '-lcb-',
  '}': '-rcb-',
  '\u2026': '...',
  '\u20AC': '$',
  '\u0080': '$',
  '\u00A3': '#',
  '\u00A2': 'cents',
  '\u00BC': '1/4',
  '\u00BD': '1/2',
  '\u00BE': '3/4',
  '\u2153': '1/3',
  '\u2154': '2/3',
};

const raw = String.raw;
const LETTER = raw`(?:[\p{L}\p{Nl}\p{M}\u00AD]|&[aeiouAEIOU](?:acute|grave|uml);)`;
const ALNUM = raw`[\p{L}\p{M}\p{Nd}\u00AD]`;
const WORD = raw`${LETTER}(?:${LETTER}|\p{Nd})*(?:[.!?]${LETTER}(?:${LETTER}|\p{Nd})*)*`;
const APOSTROPHE = raw`(?:['\u0092\u2019]|&apos;)`;
const QUOTE = raw`(?:['${'`'}\u0091\u0092\u2018\u2019\u201B]|&apos;)`;
const ENDING = raw`${APOSTROPHE}(?:[msdMSD]|[rR][eE]|[vV][eE]|[lL][lL])`;
const NUMBER = raw`(?:\p{Nd}*(?:[.:,\u00AD\u066B\u066C]\p{Nd}+)+|\p{Nd}+)`;
const SPACE = raw`[ \u00A0]`;
const PART = raw`(?:[dDoOlL]${QUOTE}${ALNUM})?${ALNUM}+`;
const ACRONYM = raw`[A-Za-z](?:\.[A-Za-z])+`;
const PATH_PART = raw`[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}`;
const IN_ADDRESS = raw`[^ \t\n\f\r"<>|()\u00A0]`;
const END_OF_ADDRESS = raw`[^ \t\n\f\r"<>|.!?(){},\u00A0-]`;
const PATH = raw`(?:/${IN_ADDRESS}+${END_OF_ADDRESS})?`;
const TAG_NAME = raw`[A-Za-z_][A-Za-z0-9_:.-]*`;
const ATTRIBUTES = raw`(?: +${TAG_NAME}(?: *= *(?:"[^"\n]*"|'[^'\n]*'))?)*`;
const NOT_LETTER = raw`(?<next>[^A-Za-z]|$)`;
const NEW_SENTENCE = raw`(?=(?<next>[ \t\n\u00A0]+(?:\p{Lu}|<[A-Za-z!?/])))`;
const WORDS_BEFORE_ENDING = [WORD, PART, ACRONYM].join('|');

const CLOSER = raw`${inAnyCase(ptbWords.closers)}|${ptbWords.capitalClosers}|[Pp]h\.[Dd]`;

const toTreebank = (text: string): string => TREEBANK[text.toLowerCase()] ?? text;
const bracketsToTreebank = (text: string): string => text.replace(/[()[\]{}]/g, toTreebank);
const roundToTreebank = (text: string): string => text.replace(/[()]/g, toTreebank);
const straighten = (text: string): string => text.replace(/\u0092|\u2019|&apos;/, "'");
const cutAfter = (length: number) => (text: string) => `${text.slice(0, length)} ${text.slice(length)}`;

function rule(pattern: string, write?: PtbRule['write']): PtbRule {
  return { pattern: new RegExp(pattern, 'uy'), ...(write === undefined ? {} : { write }) };
}

/**
 * The tokens of Stanford's PTBTokenizer 3.4.1, written down from what it answers. At each place the rule that matches
 * most wins, the first of those that match the same.
 */
export const ptbRules: readonly PtbRule[] = [
  // Markup, addresses, names of files.
  rule(raw`<[!?]?${TAG_NAME}${ATTRIBUTES} *[/?]? *>|</${TAG_NAME} *>|<!--[^\n]*?-->`),
  rule(raw`&(?:[aA][mM][pP]|[lL][tT]|[gG][tT]|quot|#[0-9]+);`, toTreebank),
  rule(raw`&(?:[mM][dD][aA][sS][hH]|[nN][dD][aA][sS][hH]|MD);`, () => '--'),
  rule(raw`[hH][tT][tT][pP][sS]?://${IN_ADDRESS}+${END_OF_ADDRESS}`),
  rule(
    raw`www\.(?:[^ \t\n\f\r"${'`'}<>|.!?,()\u00A0]+\.)+[A-Za-z]{2,4}${PATH}|(?:[\p{L}\p{Nd}_~]+\.)+(?:com|net|org|edu|COM|NET|ORG|EDU)${PATH}(?![A-Za-z0-9])`,
  ),
  rule(raw`<?[A-Za-z0-9]${IN_ADDRESS}*@(?:[^ \t\n\f\r"<>|().\u00A0]+\.)*[^ \t\n\f\r"<>|().\u00A0]+>?`),
  rule(raw`@[A-Za-z_][A-Za-z0-9_]*|#\p{L}+|#{2,}`),
  rule(raw`[\p{L}\p{Nd}]+(?:\.[\p{L}\p{Nd}]+)*\.(?:${inAnyCase(ptbWords.fileEndings)})(?![\p{L}\p{Nd}])`),
  // Contractions.
  rule(
    raw`[cC][aA][nN][nN][oO][tT]|[gG][oO][nN][nN][aA]|[gG][oO][tT][tT][aA]|[lL][eE][mM][mM][eE]|[gG][iI][mM][mM][eE]|[wW][aA][nN][nN][aA]`,
    cutAfter(3),
  ),
  rule(raw`'[tT](?=(?<next>[iI][sS]|[wW][aA][sS]))`),
  rule(raw`[A-Za-z]*[A-MO-Za-mo-z]\u00AD*(?=(?<next>[nN]${APOSTROPHE}[tT]))`),
  rule(raw`[nN]${APOSTROPHE}[tT]`, straighten),
  rule(ignoreCase(ptbWords.elisions).replaceAll("'", APOSTROPHE)),
  rule(ignoreCase(ptbWords.apostropheWords)),
  rule(raw`(?:${WORDS_BEFORE_ENDING})(?=(?<next>${ENDING}(?:[^A-Za-z]|$)))`),
  rule(raw`${ENDING}(?=${NOT_LETTER})`, straighten),
  rule(raw`[yY]${APOSTROPHE}(?=(?<next>[A-Za-z]))`),
  rule(raw`${APOSTROPHE}\p{Nd}{2}(?=(?<next>[ \t\n]))|${APOSTROPHE}[2-9]0s`),
  rule(raw`[A-HJ-XZn]${QUOTE}\p{L}{2}\p{L}*|\p{L}+[aeiouyAEIOUY]${QUOTE}[aeiouA-Z]\p{L}*`),
  // Numbers.
  rule(raw`\p{Nd}{1,2}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}`),
  rule(raw`[-+]?${NUMBER}`),
  rule(raw`(?:\p{Nd}{1,4}[-\u00A0 ])?\p{Nd}{1,4}(?:/|\u2044)\p{Nd}{1,4}`),
  rule(
    raw`(?:\([0-9]{2,3}\)${SPACE}?|(?:\+\+?)?(?:[0-9]{2,4}[- \u00A0])?[0-9]{2,4}[- \u00A0])[0-9]{3,4}[- \u00A0]?[0-9]{3,5}|(?:\+\+?)?[0-9]{2,5}\.[0-9]{2,5}\.[0-9]{2,5}`,
    roundToTreebank,
  ),
  rule(raw`[A-Z]{1,3}\$|\p{Sc}`, toTreebank),
  rule(raw`[\u00BC-\u00BE\u2153\u2154]`, toTreebank),
  // Words.
  rule(WORD),
  rule(raw`${PART}(?:[-_\u2010\u2011]${PART})*`),
  rule(raw`[A-Z]+(?:(?:[+&]|&amp;)[A-Z]+)+`, (text) => text.replaceAll('&amp;', '&')),
  rule(raw`${PATH_PART}(?:/${PATH_PART}){1,2}`),
  rule(raw`(?:${CLOSER})\.(?=(?<next>[^]{2}|[^]$))`),
  rule(raw`[A-Za-z0-9][A-Za-z0-9.,\u00AD]*(?:-(?:${ACRONYM}\.|[A-Za-z0-9\u00AD]+))+`),
  rule(raw`[cC]\+\+|[cCfF]#|w/o|W/O`),
  // Abbreviations; a sentence that ends with one has a full stop of its own.
  rule(raw`${ACRONYM}\.`),
  rule(raw`(?:${inAnyCase(ptbWords.titles)}|[mM]fg|[mM]tg|[A-Za-z])\.`),
  rule(raw`[A-Za-z](?=(?<next>\.[ \n\u00A0]+(?:${inCapitals(ptbWords.sentenceStarts)})[ \n\u00A0]))`),
  rule(raw`(?:${WORD}|${NUMBER}|${PART}(?:[-_]${PART})*)\.(?=(?<next>[,;:\u3001]))`),
  rule(raw`(?:${inAnyCase(ptbWords.beforeNumber)})\.(?=(?<next>${SPACE}?\p{Nd}))`),
  rule(raw`(?:${CLOSER})\.${NEW_SENTENCE}`, (text) => `${text} .`),
  // Faces, dashes, full stops, brackets, quotes.
  rule(
    raw`(?:[<>]?[:;=]['-]?[()DPOdp\\|@\[\]]|:3|[-=^<>]_[-=^<>])(?=(?<next>[^A-Za-z0-9]|$))`,
    roundToTreebank,
  ),
  rule(raw`-(?:LRB|RRB|LCB|RCB|LSB|RSB|lrb|rrb|lcb|rcb|lsb|rsb)-`),
  rule(raw`-{2,4}|[\u0096\u0097\u2013\u2014\u2015]+`, () => '--'),
  rule(raw`-{5,}`),
  rule(raw`\.\.\.|\.${SPACE}\.${SPACE}\.|\u0085|\u2026`, () => '...'),
  rule(raw`[!?]+`),
  rule(raw`''|["\u201D\u0094\u00BB]`, () => "''"),
  rule(raw`${'``'}|[\u201C\u0093\u00AB]|"(?=(?<next>[A-Za-z0-9$]))`, () => '``'),
  rule(raw`[\u2018\u201B\u0091\u2039]|'(?=(?<next>[A-Za-z]))`, () => '`'),
  rule(raw`[\u2019\u0092\u203A]|&apos;`, () => "'"),
  rule(raw`[()\[\]{}]`, bracketsToTreebank),
  rule(raw`<<|>>|\*{2,3}|__+|[!-~\u00A1-\u00AC\u00AE-\u00BB\u00BF\u00D7\u00F7]`),
  rule(raw`\p{S}|\p{P}|\p{No}`),
];
