import { describe, expect, it } from 'vitest';
import { parseRecords } from '../../src/answers/parse-records.js';
import { toDetections, type LocScale } from '../../src/answers/to-detections.js';

const size = { width: 4000, height: 3000 };

/** Detections of an answer given as [text, probability] for each token. */
function detect(tokens: [string, number][], scale?: LocScale): ReturnType<typeof toDetections> {
  const pieces = tokens.map(([text, probability]) => ({ text, logprob: Math.log(probability) }));
  return toDetections(parseRecords(tokens.map(([text]) => text).join('')).records, size, pieces, scale);
}

const box: [string, number][] = [
  ['<loc0000>', 0.9],
  ['<loc0341>', 0.8],
  ['<loc0682>', 0.7],
  ['<loc1023>', 0.6],
];
const boxScore = (0.9 * 0.8 * 0.7 * 0.6) ** 0.25;

describe('toDetections', () => {
  it('gives boxes in pixels, x first', () => {
    const [one] = detect([...box, [' cat', 0.5]]);
    expect(one.box.x0).toBeCloseTo(4000 / 3, 9);
    expect(one.box.y0).toBe(0);
    expect(one.box.x1).toBe(4000);
    expect(one.box.y1).toBeCloseTo(2000, 9);
    expect(one.bins).toEqual([0, 341, 682, 1023]);
    expect(one).not.toHaveProperty('codes');
  });

  it('divides by 1024 when asked', () => {
    const [one] = detect([...box, [' cat', 0.5]], 1024);
    expect(one.box).toEqual({
      x0: (341 / 1024) * 4000,
      y0: 0,
      x1: (1023 / 1024) * 4000,
      y1: (682 / 1024) * 3000,
    });
  });

  it('scores the label by its tokens alone', () => {
    const codes = Array.from({ length: 16 }, (): [string, number] => ['<seg001>', 0.1]);
    const detections = detect([
      ...box,
      ...codes,
      [' ', 0.2],
      ['wine', 0.5],
      [' glass', 0.4],
      [' ;', 0.01],
      [' ', 0.01],
      ...box,
      ...codes,
      [' cat', 0.25],
    ]);
    expect(detections.map(({ label }) => label)).toEqual(['wine glass', 'cat']);
    expect(detections[0].score).toBeCloseTo(Math.sqrt(0.5 * 0.4), 9);
    expect(detections[1].score).toBeCloseTo(0.25, 9);
    for (const one of detections) {
      expect(one.boxScore).toBeCloseTo(boxScore, 9);
      expect(one.codes).toEqual(Array(16).fill(1));
    }
  });

  it('scores a box without a label by its coordinates', () => {
    const [one] = detect(box);
    expect(one.label).toBe('');
    expect(one.score).toBe(one.boxScore);
    expect(one.score).toBeCloseTo(boxScore, 9);
  });

  it('counts every byte token of a label', () => {
    const bytes: [string, number][] = [
      ['', 0.2],
      ['', 0.4],
      ['☕', 0.8],
    ];
    const [one] = detect([...box, [' ', 0.9], ...bytes, [' ;', 0.1]]);
    expect(one.label).toBe('☕');
    expect(one.score).toBeCloseTo((0.2 * 0.4 * 0.8) ** (1 / 3), 9);
  });

  it('gives 0, not NaN, where probabilities are missing or impossible', () => {
    const { records } = parseRecords(`${box.map(([text]) => text).join('')} cat`);
    expect(toDetections(records, size, [])[0]).toMatchObject({ score: 0, boxScore: 0 });
    expect(detect([...box, [' cat', 0]])[0].score).toBe(0);
    expect(detect([...box, [' cat', NaN]])[0].score).toBe(0);
  });
});
