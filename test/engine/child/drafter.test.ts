import { expect, it } from 'vitest';
import { Drafter } from '../../../src/engine/child/drafter.js';

const NONE: readonly number[] = [];

it('goes on as the other answer did at the same place', () => {
  const drafter = new Drafter([1, 2, 3, 4, 5], false);
  expect(drafter.propose([9, 9], 16)).toEqual([3, 4, 5]);
  expect(drafter.propose([9, 9], 2)).toEqual([3, 4]);
  expect(drafter.propose([1, 2, 3, 4, 5], 16)).toEqual(NONE);
});

it('goes on as the answer itself did after the same three tokens, where it may', () => {
  const ids = [1, 2, 3, 4, 5, 6, 1, 2, 3];
  expect(new Drafter(NONE, true).propose(ids, 16)).toEqual([4, 5, 6, 1]);
  expect(new Drafter(NONE, true).propose([1, 2, 3, 4, 5, 1, 2], 16)).toEqual(NONE);
  expect(new Drafter(NONE, false).propose(ids, 16)).toEqual(NONE);
});

it('guesses less, and pauses, after wrong guesses, and more after right ones', () => {
  const drafter = new Drafter([1, 2, 3, 4, 5, 6, 7, 8], false);
  drafter.note(8, 0);
  expect(drafter.propose([1], 16)).toEqual(NONE);
  expect(drafter.propose([1], 16)).toEqual(NONE);
  expect(drafter.propose([1], 16)).toEqual([2, 3]);
  drafter.note(2, 2);
  expect(drafter.propose([1], 16)).toEqual([2, 3, 4, 5]);
});
