import { strip } from './python-text.js';

/** Where the letter stands, tried in this order (lmms-eval `mmvp/utils.py`). */
const LETTERS = [
  /^\s*\(?([AB])\)?\.?\s*$/i,
  /^\s*\(?([AB])\)?[.\s]/i,
  /answer\s+is\s+\(?([AB])\)?/i,
  /option\s+\(?([AB])\)?/i,
  /\(?([AB])\)?(?:\s|$)/i,
];

/** The choices in a text such as `(a) Open (b) Closed`, in order. */
export function readChoices(options: string): string[] {
  return [...options.matchAll(/\([a-z]\)\s*([^(]+?)(?=\s*\([a-z]\)|\s*$)/gi)].map(([, choice]) =>
    strip(choice),
  );
}

/** `(a)` or `a` as `A`, and so on. */
export function readTruthLetter(answer: string): string {
  const text = strip(answer).toLowerCase();
  if (text.includes('(a)') || text === 'a') return 'A';
  if (text.includes('(b)') || text === 'b') return 'B';
  return text.toUpperCase();
}

/**
 * The letter that an answer to a question of MMVP chooses, `A` or `B`, empty for none: the one whose words the answer
 * repeats, else the one that it names by lmms-eval's rule (`mmvp/utils.py`). PaliGemma answers in words.
 *
 * @param choices in order.
 */
export function readChoiceLetter(answer: string, choices: readonly string[]): string {
  const said = choices.map((choice) => choice.toLowerCase()).indexOf(strip(answer).toLowerCase());
  if (said !== -1) return 'AB'[said] ?? '';
  const text = strip(answer);
  for (const pattern of LETTERS) {
    const letter = pattern.exec(text)?.[1];
    if (letter !== undefined) return letter.toUpperCase();
  }
  const first = text.slice(0, 1).toUpperCase();
  return first === 'A' || first === 'B' ? first : '';
}
