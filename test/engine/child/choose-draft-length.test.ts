import { expect, it } from 'vitest';
import { chooseDraftLength } from '../../../src/engine/child/choose-draft-length.js';

it.each([
  [[], 0],
  [[0], 0],
  [[5], 5],
  // Two sequences: three tokens of one are worth the empty positions of the other.
  [[3, 0], 3],
  // Eight: one draft is not worth a position in each of the others; drafts in most are.
  [[1, 0, 0, 0, 0, 0, 0, 0], 0],
  [[1, 1, 1, 1, 1, 1, 1, 0], 1],
  // One that is longer than the others is cut.
  [[1, 1, 1, 9], 1],
])('runs drafts of the lengths %j up to %i tokens', (lengths, expected) => {
  expect(chooseDraftLength(lengths)).toBe(expected);
});
