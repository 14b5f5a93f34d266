import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import { keepAsked } from '../../../src/render/formats/keep-asked.js';
import { detectionOf } from '../../support/masks.js';
import { detectResult } from '../../support/results.js';

const box = { x0: 0, y0: 0, x1: 10, y1: 10 };
const found = (labels: readonly string[]): TaskResult => ({
  ...detectResult,
  detections: labels.map((label) => detectionOf(label, box)),
  frame: { index: 0, timeSeconds: 0, endSeconds: 1, trackIds: labels.map((_, index) => index + 1) },
});
const labelsOf = ({ detections }: TaskResult): string[] => detections!.map(({ label }) => label);

describe('keepAsked', () => {
  it('leaves out what nobody asked for, and the ids of it', () => {
    const { result, leftOut } = keepAsked(found(['cow', 'sky', ' Red  CAR', '']), ['cow', 'red car']);
    expect(labelsOf(result)).toEqual(['cow', 'red car']);
    expect(result.frame?.trackIds).toEqual([1, 3]);
    expect(leftOut.map(({ label }) => label)).toEqual(['sky', '']);
  });

  it('takes an object without a name for the only thing that was asked for', () => {
    expect(labelsOf(keepAsked(found(['']), ['cow']).result)).toEqual(['cow']);
  });

  it.each([
    ['cow', ['a cow', 'The  Cows', 'cow']],
    ['red bus', ['red buses', 'the red bus']],
    ['horse', ['horses']],
    ['woman', ['women', 'a woman']],
    ['person', ['people', 'persons']],
    ['leaves', ['a leaf', 'leaves']],
    ['cherries', ['cherry']],
    ['glass', ['glasses']],
  ])('takes an article and a plural of %s for it', (thing, labels) => {
    expect(labelsOf(keepAsked(found(labels), [thing]).result)).toEqual(labels.map(() => thing));
  });

  it.each([
    ['cow', 'cowboy'],
    ['a', 'the'],
    ['ship', 'ships in a harbour'],
    ['man', 'human'],
  ])('does not take %s for %s', (thing, label) => {
    expect(labelsOf(keepAsked(found([label]), [thing]).result)).toEqual([]);
  });

  it('tells apart what was asked for apart', () => {
    expect(labelsOf(keepAsked(found(['glasses', 'a glass', 'glass']), ['glass', 'glasses']).result)).toEqual([
      'glasses',
      'glass',
    ]);
  });

  it('keeps all where no thing was named', () => {
    expect(labelsOf(keepAsked(found(['a', 'b']), []).result)).toEqual(['a', 'b']);
  });
});
