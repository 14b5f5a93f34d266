import { anls } from '../../metrics/answers/anls.js';
import { readChoiceLetter, readTruthLetter } from '../../metrics/answers/choice-letter.js';
import {
  isCaselessMatch,
  isExactMatch,
  isSameCount,
  isSameScienceLetter,
} from '../../metrics/answers/exact-match.js';
import { pairsRight } from '../../metrics/answers/pair-accuracy.js';
import { isRelaxedMatch } from '../../metrics/answers/relaxed-match.js';
import { voteAccuracy } from '../../metrics/answers/vote-accuracy.js';
import { vqaAccuracy } from '../../metrics/answers/vqa-accuracy.js';
import { countYesNo, isYesNoMatch, scoreYesNo } from '../../metrics/answers/yes-no.js';
import { meanOf } from '../../metrics/statistics/bootstrap.js';
import type { Answered } from '../answered.js';
import type { TextTruth } from '../example.js';
import type { Scoring } from './scoring.js';

/** Metrics that are the mean of a number for each answer. */
const textMetrics = {
  vqa: (answer, { answers }) => vqaAccuracy(answer, answers),
  okvqa: (answer, { answers }) => voteAccuracy(answer, answers),
  anls: (answer, { answers }) => anls(answer, answers),
  relaxed: (answer, { answers }) => Number(answers.some((truth) => isRelaxedMatch(answer, truth))),
  exact: (answer, { answers }) => Number(isExactMatch(answer, answers)),
  caseless: (answer, { answers }) => Number(isCaselessMatch(answer, answers)),
  tally: (answer, { answers }) => Number(isSameCount(answer, answers)),
  scienceqa: (answer, { answers }) => Number(answers.some((truth) => isSameScienceLetter(answer, truth))),
  pope: (answer, { answers }) => Number(isYesNoMatch(answer, answers[0].toLowerCase())),
  mmvp: (answer, truth) => Number(isRightChoice(answer, truth)),
} as const satisfies Record<string, (answer: string, truth: TextTruth) => number>;

export type TextMetric = keyof typeof textMetrics;

/** @param answered all with a truth in words. */
export function scoreTexts(metric: TextMetric, answered: readonly Answered[]): Scoring {
  const scores = answered.map(({ example, answer }) =>
    textMetrics[metric](answer.text, example.truth as TextTruth),
  );
  if (metric === 'mmvp') return scorePairs(answered, scores);
  const parts = metric === 'pope' ? popeParts(answered) : [];
  return { statistic: meanOf(scores), size: scores.length, scores, parts };
}

function popeParts(answered: readonly Answered[]): Scoring['parts'] {
  const answers = answered.map(({ example, answer }) => ({
    answer: answer.text,
    truth: (example.truth as TextTruth).answers[0].toLowerCase(),
  }));
  const { f1, precision, recall, yesRatio, validRatio } = scoreYesNo(countYesNo(answers));
  return [
    { title: 'F1', value: f1 },
    { title: 'precision', value: precision },
    { title: 'recall', value: recall },
    { title: 'answers that are yes', value: yesRatio },
    { title: 'answers that are yes or no', value: validRatio },
  ];
}

function scorePairs(answered: readonly Answered[], scores: readonly number[]): Scoring {
  const pairs = answered.map(({ example }, i) => example.pair ?? -1 - i);
  const right = pairsRight(
    pairs,
    scores.map((score) => score === 1),
  ).map(Number);
  const parts = [{ title: 'single questions', value: meanOf(scores)() }];
  return { statistic: meanOf(right), size: right.length, scores, parts };
}

function isRightChoice(answer: string, { answers, choices }: TextTruth): boolean {
  return readChoiceLetter(answer, choices ?? []) === readTruthLetter(answers[0]);
}
