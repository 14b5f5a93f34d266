import { describe, expect, it } from 'vitest';
import { anls } from '../../src/metrics/answers/anls.js';
import { readChoiceLetter, readChoices, readTruthLetter } from '../../src/metrics/answers/choice-letter.js';
import {
  isCaselessMatch,
  isExactMatch,
  isSameCount,
  isSameScienceLetter,
} from '../../src/metrics/answers/exact-match.js';
import { normalizeVqa } from '../../src/metrics/answers/normalize-vqa.js';
import { pairsRight } from '../../src/metrics/answers/pair-accuracy.js';
import { isRelaxedMatch } from '../../src/metrics/answers/relaxed-match.js';
import { voteAccuracy } from '../../src/metrics/answers/vote-accuracy.js';
import { vqaAccuracy } from '../../src/metrics/answers/vqa-accuracy.js';
import { countYesNo, isYesNoMatch, scoreYesNo } from '../../src/metrics/answers/yes-no.js';
import { readRecorded } from './read-recorded.js';

interface RecordedAnswers {
  readonly questions: readonly {
    readonly answer: string;
    readonly truths: readonly string[];
    readonly vqa: number;
    readonly vote: number;
    readonly anls: number;
    readonly normal: string;
  }[];
  readonly anls: readonly {
    readonly answer: string;
    readonly truths: readonly string[];
    readonly anls: number;
  }[];
  readonly relaxed: readonly (readonly [string, string, boolean])[];
  readonly counts: readonly (readonly [string, string])[];
}

describe('answers against big_vision and anls', () => {
  const recorded = readRecorded<RecordedAnswers>('answers.json.gz');

  it('normalises 360 answers as VQA does', () => {
    expect(recorded.questions).toHaveLength(360);
    for (const { answer, normal } of recorded.questions)
      expect([answer, normalizeVqa(answer)]).toEqual([answer, normal]);
  });

  it('has their accuracies and ANLS', () => {
    for (const { answer, truths, vqa, vote, anls: wanted } of recorded.questions) {
      expect(vqaAccuracy(answer, truths)).toBeCloseTo(vqa, 9);
      expect(voteAccuracy(answer, truths)).toBeCloseTo(vote, 9);
      expect(anls(answer, truths)).toBeCloseTo(wanted, 9);
    }
    expect(new Set(recorded.questions.map(({ vqa }) => vqa)).size).toBeGreaterThan(4);
  });

  it('has the ANLS of the package anls', () => {
    for (const one of recorded.anls) expect(anls(one.answer, one.truths)).toBeCloseTo(one.anls, 9);
  });

  it('has ChartQA’s relaxed accuracy for every pair of 45 numbers and texts', () => {
    const wrong = recorded.relaxed.filter(
      ([answer, truth, isRight]) => isRelaxedMatch(answer, truth) !== isRight,
    );
    expect(recorded.relaxed).toHaveLength(45 ** 2);
    expect(wrong).toEqual([]);
  });

  it('reads words for counts as TallyQA does', () => {
    for (const [word, digits] of recorded.counts) expect(isSameCount(word, [digits])).toBe(true);
    expect(isSameCount('thirty', ['30'])).toBe(false);
  });
});

describe('single answers', () => {
  it('is 0 by ANLS when just half is wrong, and counts code points', () => {
    expect(anls('ab', ['ax'])).toBe(0);
    expect(anls('😀😀a', ['😀😀b'])).toBeCloseTo(2 / 3, 12);
    expect(anls('', [''])).toBe(1);
    expect(anls('a  b', ['a b'])).toBeCloseTo(0.75, 12);
  });

  it('compares letter for letter, or in small letters', () => {
    expect(isExactMatch('B', ['b'])).toBe(false);
    expect(isCaselessMatch('B', ['b'])).toBe(true);
  });

  it('reads the letter of ScienceQA at the beginning only', () => {
    expect(isSameScienceLetter('The answer is B. Because', 'The answer is b.')).toBe(true);
    expect(isSameScienceLetter('So the answer is b.', 'The answer is b.')).toBe(false);
  });

  it('scores POPE: other answers are wrong, and no for F1', () => {
    const answers = [
      { answer: 'Yes', truth: 'yes' },
      { answer: 'yes', truth: 'no' },
      { answer: 'maybe', truth: 'yes' },
      { answer: 'no', truth: 'no' },
    ];
    expect(answers.map(({ answer, truth }) => isYesNoMatch(answer, truth))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(scoreYesNo(countYesNo(answers))).toEqual({
      accuracy: 0.5,
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      yesRatio: 0.5,
      validRatio: 0.75,
    });
    expect(scoreYesNo(countYesNo([])).accuracy).toBe(0);
  });

  it('reads the choice of MMVP from words and letters', () => {
    const choices = readChoices('(a) Open (b) A closed one');
    expect(choices).toEqual(['Open', 'A closed one']);
    const letters = ['open', 'a closed one', '(B)', 'b.', 'The answer is (a)', 'option B', 'neither'];
    expect(letters.map((answer) => readChoiceLetter(answer, choices))).toEqual([
      'A',
      'B',
      'B',
      'B',
      'A',
      'B',
      '',
    ]);
    expect(['(a)', 'B', '(b) '].map(readTruthLetter)).toEqual(['A', 'B', 'B']);
  });

  it('counts a pair when both are right', () => {
    expect(pairsRight([0, 0, 1, 1, 2], [true, true, true, false, true])).toEqual([true, false]);
  });
});
