import { describe, expect, it } from 'vitest';
import { countBleu, scoreBleu } from '../../src/metrics/captions/bleu.js';
import { toCaptionTokens, type CaptionCase } from '../../src/metrics/captions/caption-tokens.js';
import { scoreCider } from '../../src/metrics/captions/cider.js';
import { tokenizeCaptions } from '../../src/metrics/captions/tokenize-captions.js';
import { readRecorded } from './read-recorded.js';

interface RecordedCaptions {
  readonly cases: readonly CaptionCase[];
  readonly cider: number;
  readonly ciders: readonly number[];
  readonly bleu4: number;
}

describe('captions against pycocoevalcap 1.2', () => {
  const recorded = readRecorded<RecordedCaptions>('captions.json.gz');
  const tokens = toCaptionTokens(recorded.cases);

  it('has the CIDEr of every one of 520 captions with five references', () => {
    const { score, scores } = scoreCider(tokens);
    expect(scores).toHaveLength(520);
    scores.forEach((one, i) => expect(one).toBeCloseTo(recorded.ciders[i], 9));
    expect(score).toBeCloseTo(recorded.cider, 9);
  });

  it('has their BLEU-4', () => {
    expect(scoreBleu(countBleu(tokens))).toBeCloseTo(recorded.bleu4, 9);
  });

  it('counts a caption twice where its weight is two', () => {
    const twice = scoreBleu(countBleu([...tokens.slice(0, 3), tokens[0]]));
    expect(scoreBleu(countBleu(tokens.slice(0, 3)), [2, 1, 1])).toBeCloseTo(twice, 12);
  });

  it('is 0 for a single picture, whose words are all in every document', () => {
    expect(scoreCider(toCaptionTokens([{ answer: 'a dog', references: ['a dog'] }])).score).toBe(0);
  });
});

describe('tokenizeCaptions against the PTBTokenizer of Stanford CoreNLP 3.4.1', () => {
  const { lines, tokens } = readRecorded<{ lines: string[]; tokens: string[] }>('tokens.json.gz');

  it('cuts more than 600 lines the same', () => {
    const cut = tokenizeCaptions(lines).map((words) => words.join(' '));
    const wanted = tokens.map((line) =>
      line
        .split(/\s+/)
        .filter((word) => word !== '')
        .join(' '),
    );
    expect(lines.length).toBeGreaterThan(600);
    const differing = lines.flatMap((line, i) =>
      cut[i] === wanted[i] ? [] : [{ line, cut: cut[i], wanted: wanted[i] }],
    );
    expect(differing).toEqual([]);
  });

  it.each([
    ["can't-stop", "ca n't stop"],
    ['gonna', 'gon na'],
    ['running/jumping e-mail U.S.', 'running/jumping e-mail u.s.'],
    ['$5 50%', '$ 5 50 %'],
    ['(a “dog”)', '-lrb- a dog -rrb-'],
    ['', ''],
    ['a\nb', 'a b'],
    ['a 😀 b', 'a b'],
  ])('cuts %j', (caption, words) => {
    expect(tokenizeCaptions([caption])[0].join(' ')).toBe(words);
  });

  it('reads on into the next caption after a letter with a full stop', () => {
    expect(tokenizeCaptions(['plan a.', 'The dog'])[0]).toEqual(['plan', 'a']);
    expect(tokenizeCaptions(['plan a.', 'Dogs'])[0]).toEqual(['plan', 'a.']);
  });

  it('cuts a text that is no caption, so that nobody waits for it', () => {
    const long = tokenizeCaptions([
      'a.'.repeat(3000),
      '-'.repeat(5000),
      "'".repeat(5000),
      '<a '.repeat(2000),
    ]);
    expect(long).toHaveLength(4);
    const longest = tokenizeCaptions(["o'".repeat(1_000_000), 'dog '.repeat(1_000_000)]);
    expect(longest[1]).toHaveLength(16_384 / 4);
  });
});
