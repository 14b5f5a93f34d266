import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { resizeBicubic } from '../../../src/image/resize/resize-bicubic.js';
import { resizePlainly } from '../../support/reference/resize-plainly.js';

/** Noise, or only black and white, where the filter overshoots most. */
function makeImage(width: number, height: number, seed: number, isStark: boolean): RgbImage {
  let state = seed;
  const data = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return isStark ? (state >>> 31) * 255 : state >>> 24;
  });
  return { width, height, data };
}

function expectPlain(image: RgbImage, width: number, height: number): void {
  const before = Uint8Array.from(image.data);
  const resized = resizeBicubic(image, width, height);
  const expected = resizePlainly(image, width, height);
  expect([resized.width, resized.height, resized.data.length]).toEqual([width, height, width * height * 3]);
  expect(Buffer.compare(resized.data, expected.data)).toBe(0);
  expect(Buffer.compare(image.data, before)).toBe(0);
}

describe('resizeBicubic', () => {
  it('gives what the plain filter gives, for any sizes', () => {
    const side = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 400 }));
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.nat(),
        fc.boolean(),
        (width, height, toWidth, toHeight, seed, isStark) =>
          expectPlain(makeImage(width, height, seed, isStark), toWidth, toHeight),
      ),
      { numRuns: 300 },
    );
  });

  // More rows than the kernel's memory holds at once, in either order of the passes, and rows longer than a block.
  it.each([
    [1500, 1100, 224, 224],
    [300, 5000, 56, 56],
    [5000, 300, 56, 56],
    [100_000, 3, 7, 9],
    [3, 100_000, 9, 7],
    [700, 2000, 700, 31],
    [2000, 700, 31, 700],
    [64, 48, 896, 896],
  ])('%i x %i to %i x %i', (width, height, toWidth, toHeight) => {
    expectPlain(makeImage(width, height, 1, false), toWidth, toHeight);
  });

  it('gives back the picture that has the size already', () => {
    const image = makeImage(5, 4, 1, false);
    expect(resizeBicubic(image, 5, 4)).toBe(image);
  });

  it('needs more memory for one picture than it keeps for the next', () => {
    expectPlain(makeImage(4_000_000, 1, 1, true), 3, 2);
    expectPlain(makeImage(300, 200, 1, false), 56, 56);
  });

  it('runs what kernel/resize.ts says', () => {
    const written = execFileSync(process.execPath, ['bin/write-kernel.js', '--print'], { encoding: 'utf8' });
    expect(readFileSync('src/image/resize/resize-kernel-code.ts', 'utf8')).toBe(written);
  });
});
