import { normalizeVqa, stripVqa } from './normalize-vqa.js';

/** An answer that this many people gave is fully right. */
const ENOUGH = 3;

/**
 * Accuracy of VQAv2, TextVQA and VizWiz, 0 to 1 (big_vision `vqav2.py`): the mean of min(1, k / 3) over all ways to
 * leave out one of the answers, k of the others being the same. Only where people differ are answers normalised.
 *
 * @param truths what people answered, ten as a rule; with one alone nothing would be left to compare with: 0.
 */
export function vqaAccuracy(answer: string, truths: readonly string[]): number {
  let given = stripVqa(answer);
  let expected = truths.map(stripVqa);
  if (new Set(expected).size > 1) {
    given = normalizeVqa(given);
    expected = expected.map(normalizeVqa);
  }
  const matches = expected.filter((truth) => truth === given).length;
  const others = expected.length - matches;
  const withoutMatch = Math.min(1, Math.max(0, matches - 1) / ENOUGH);
  const withoutOther = Math.min(1, matches / ENOUGH);
  return (matches * withoutMatch + others * withoutOther) / expected.length;
}
