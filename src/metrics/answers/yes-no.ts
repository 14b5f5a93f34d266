/** Counts of answers to questions that are answered with yes or no. */
export interface YesNoCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  /** Answers that are the truth. */
  readonly right: number;
  /** Answers that are yes or no. */
  readonly valid: number;
  readonly total: number;
}

/** What POPE reports, each 0 to 1. A share of nothing is 0. */
export interface YesNoScore {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Answers that are yes. */
  readonly yesRatio: number;
  /** Answers that are yes or no. */
  readonly validRatio: number;
}

/** Whether an answer is the truth: it in small letters (big_vision `pope.py`). */
export function isYesNoMatch(answer: string, truth: string): boolean {
  return answer.toLowerCase() === truth;
}

/** @param weights how often each counts; once where absent. */
export function countYesNo(
  answers: readonly { readonly answer: string; readonly truth: string }[],
  weights?: ArrayLike<number>,
): YesNoCounts {
  const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, right: 0, valid: 0, total: 0 };
  answers.forEach(({ answer, truth }, i) => {
    const weight = weights?.[i] ?? 1;
    const given = answer.toLowerCase();
    counts.total += weight;
    if (given === truth) counts.right += weight;
    if (given === 'yes' || given === 'no') counts.valid += weight;
    if (given === 'yes') counts[truth === 'yes' ? 'truePositives' : 'falsePositives'] += weight;
    else if (truth === 'yes') counts.falseNegatives += weight;
  });
  return counts;
}

/**
 * POPE's accuracy and share of valid answers as big_vision's `pope.py` has them, and as its authors do precision,
 * recall and F1 of yes; any other answer than yes counts as no there.
 */
export function scoreYesNo(counts: YesNoCounts): YesNoScore {
  const { truePositives, falsePositives, falseNegatives, right, valid, total } = counts;
  const precision = share(truePositives, truePositives + falsePositives);
  const recall = share(truePositives, truePositives + falseNegatives);
  return {
    accuracy: share(right, total),
    precision,
    recall,
    f1: share(2 * precision * recall, precision + recall),
    yesRatio: share(truePositives + falsePositives, total),
    validRatio: share(valid, total),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
