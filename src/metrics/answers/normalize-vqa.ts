import { numberOfWord } from './number-words.js';
import { splitWords, strip } from './python-text.js';

const PUNCTUATION = [...';/[]"{}()=+\\_-><@`,?!'];
const ARTICLES = new Set(['a', 'an', 'the']);
/** VQA turns these into digits. */
const LARGEST_NUMBER = 10;

/** With their apostrophes; answers that lack one of them get it. */
const CONTRACTIONS =
  `ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've he's
  how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've o'clock
  oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd
  someone'd've someone'll someone's something'd something'd've something'll that's there'd there'd've there're there's
  they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're what's what've when's
  where'd where's where've who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't wouldn't've
  y'all y'all'll y'all'd've you'd you'd've you'll you're you've`.split(/\s+/);

/** By the word with one apostrophe left out; the last is the other way round in the official list. */
const REPAIRED = new Map([
  ...CONTRACTIONS.flatMap((word) =>
    [...word.matchAll(/'/g)].map(
      ({ index }) => [word.slice(0, index) + word.slice(index + 1), word] as const,
    ),
  ),
  ["somebody'd", 'somebodyd'] as const,
]);

/** Line feeds and tabs become spaces; none are left at the ends. */
export function stripVqa(text: string): string {
  return strip(text.replace(/[\n\t]/g, ' '));
}

/**
 * An answer as VQA compares it (big_vision `vqav2.py`, after visualqa.org): without punctuation, full stops that are
 * in no number, articles; contractions with their apostrophe, number words to ten as digits, small letters.
 *
 * Punctuation becomes a space, or nothing where it stands beside a space; once there is a comma between two digits
 * all of it becomes nothing, as in the official code.
 */
export function normalizeVqa(text: string): string {
  const hasDigitComma = /\p{Nd},\p{Nd}/u.test(text);
  let clean = text;
  for (const sign of PUNCTUATION) {
    const isLoose = hasDigitComma || text.includes(`${sign} `) || text.includes(` ${sign}`);
    clean = clean.replaceAll(sign, isLoose ? '' : ' ');
  }
  return splitWords(clean.replace(/\.(?!\p{Nd})/gu, '').toLowerCase())
    .filter((word) => !ARTICLES.has(word))
    .map((word) => numberOfWord(word, LARGEST_NUMBER) ?? REPAIRED.get(word) ?? word)
    .join(' ');
}
