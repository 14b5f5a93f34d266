import { numberOfWord } from './number-words.js';

/** TallyQA turns words for numbers up to this into digits. */
const LARGEST_COUNT = 20;

/** Whether an answer is one of the truths, letter for letter: AI2D, GQA, NLVR2 (big_vision `vqa.py`). */
export function isExactMatch(answer: string, truths: readonly string[]): boolean {
  return truths.includes(answer);
}

/** The same in small letters: OCR-VQA, RSVQA. */
export function isCaselessMatch(answer: string, truths: readonly string[]): boolean {
  return isExactMatch(
    answer.toLowerCase(),
    truths.map((truth) => truth.toLowerCase()),
  );
}

/** Whether two counts are the same, as digits or as words: TallyQA (big_vision `tallyqa.py`). */
export function isSameCount(answer: string, truths: readonly string[]): boolean {
  return isExactMatch(toDigits(answer), truths.map(toDigits));
}

function toDigits(answer: string): string {
  return numberOfWord(answer.toLowerCase(), LARGEST_COUNT) ?? answer;
}

/** The letter of `The answer is b.`, in small letters; undefined where an answer begins otherwise. */
function readScienceLetter(answer: string): string | undefined {
  return /^the answer is ([a-z])\./.exec(answer.toLowerCase())?.[1];
}

/** Whether two sentences name the same letter: ScienceQA (big_vision `science_qa.py`). */
export function isSameScienceLetter(answer: string, truth: string): boolean {
  return readScienceLetter(answer) === readScienceLetter(truth);
}
