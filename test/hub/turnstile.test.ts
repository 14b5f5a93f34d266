import { expect, it } from 'vitest';
import { Turnstile } from '../../src/hub/turnstile.js';

it('lets so many in, in the order in which they came, and counts nobody twice', async () => {
  const turnstile = new Turnstile(2);
  const inside: number[] = [];
  const leave: (() => void)[] = [];
  for (let i = 0; i < 5; i++) {
    void turnstile.enter().then((out) => {
      inside.push(i);
      leave[i] = out;
    });
  }
  const settle = (): Promise<void> => new Promise((next) => setImmediate(next));
  await settle();
  expect(inside).toEqual([0, 1]);
  leave[1]();
  leave[1]();
  await settle();
  expect(inside).toEqual([0, 1, 2]);
  leave[0]();
  leave[2]();
  await settle();
  expect(inside).toEqual([0, 1, 2, 3, 4]);
});
