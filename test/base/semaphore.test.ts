import { expect, it } from 'vitest';
import { Semaphore } from '../../src/base/semaphore.js';

it('lets so many in, in the order in which they came, and counts nobody twice', async () => {
  const semaphore = new Semaphore(2);
  const inside: number[] = [];
  const releases: (() => void)[] = [];
  for (let i = 0; i < 5; i++) {
    void semaphore.acquire().then((release) => {
      inside.push(i);
      releases[i] = release;
    });
  }
  const settle = (): Promise<void> => new Promise((next) => setImmediate(next));
  await settle();
  expect(inside).toEqual([0, 1]);
  releases[1]();
  releases[1]();
  await settle();
  expect(inside).toEqual([0, 1, 2]);
  releases[0]();
  releases[2]();
  await settle();
  expect(inside).toEqual([0, 1, 2, 3, 4]);
});
