import { readFloat } from './python-text.js';

/** Numbers may be off by this share of the truth. */
const TOLERANCE = 0.05;

/**
 * Whether an answer is right by ChartQA's relaxed accuracy (big_vision `chartqa.py`): a number within 5 % of the
 * truth, `%` divides by 100; anything else, and where the truth is 0, the same text. Small letters. The card's row
 * is the mean of the two accuracies over its human and its augmented questions.
 */
export function isRelaxedMatch(answer: string, truth: string): boolean {
  const [given, expected] = [answer.toLowerCase(), truth.toLowerCase()];
  const [number, target] = [readNumber(given), readNumber(expected)];
  if (number === undefined || target === undefined || target === 0) return given === expected;
  return Math.abs(number - target) / Math.abs(target) <= TOLERANCE;
}

function readNumber(text: string): number | undefined {
  if (!text.endsWith('%')) return readFloat(text);
  const number = readFloat(text.replace(/%+$/, ''));
  return number === undefined ? undefined : number / 100;
}
