import { expect, it } from 'vitest';
import { parseSeconds } from '../../src/base/parse-seconds.js';
import { formatClock } from '../../src/render/format-time.js';

it.each([
  [0, 0, '0:00'],
  [7.9, 0, '0:07'],
  [6.9999999, 0, '0:07'],
  [7.5, 1, '0:07.5'],
  [59.96, 1, '0:59.9'],
  [750, 0, '12:30'],
  [3723.25, 2, '1:02:03.25'],
])('shows %d s with %d decimals as %s', (seconds, decimals, shown) => {
  expect(formatClock(seconds, decimals)).toBe(shown);
});

it('writes what is read as a time again', () => {
  for (const seconds of [0, 1, 59, 60, 61, 3599, 3600, 86_399]) {
    expect(parseSeconds(formatClock(seconds))).toBe(seconds);
  }
});
