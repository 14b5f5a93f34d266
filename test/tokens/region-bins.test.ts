import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxToBins } from '../../src/tokens/region-bins.js';

const picture = { width: 640, height: 480 };

describe('boxToBins', () => {
  it.each([
    ['the whole picture', { x0: 0, y0: 0, x1: 640, y1: 480 }, [0, 0, 1023, 1023]],
    ['the right half', { x0: 320, y0: 0, x1: 640, y1: 480 }, [0, 512, 1023, 1023]],
    ['a box beyond the borders', { x0: -5, y0: -5, x1: 9999, y1: 9999 }, [0, 0, 1023, 1023]],
    ['less than a step', { x0: 0, y0: 0, x1: 0.01, y1: 0.01 }, [0, 0, 1, 1]],
    ['less than a step at the end', { x0: 639.9, y0: 479.9, x1: 640, y1: 480 }, [1022, 1022, 1023, 1023]],
  ])('%s', (_, box, bins) => {
    expect(boxToBins(box, picture)).toEqual(bins);
  });

  it.each([
    ['right of the picture', { x0: 640, y0: 0, x1: 700, y1: 480 }],
    ['above the picture', { x0: 0, y0: -20, x1: 640, y1: 0 }],
    ['without width', { x0: 5, y0: 0, x1: 5, y1: 480 }],
    ['inverted', { x0: 0, y0: 300, x1: 640, y1: 200 }],
    ['not a number', { x0: NaN, y0: 0, x1: 640, y1: 480 }],
  ])('refuses a region %s', (_, box) => {
    expect(() => boxToBins(box, picture)).toThrow('has no part in the picture of 640 x 480 pixels');
  });

  it('always gives a box that is not empty, within half a step of what was asked', () => {
    const side = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 1000 }));
    fc.assert(
      fc.property(side, side, (x, y) => {
        fc.pre(x[0] < x[1] && y[0] < y[1]);
        const size = { width: 1000, height: 1000 };
        const [y0, x0, y1, x1] = boxToBins({ x0: x[0], y0: y[0], x1: x[1], y1: y[1] }, size);
        expect(y0 < y1 && x0 < x1).toBe(true);
        for (const [bin, place] of [
          [y0, y[0]],
          [x0, x[0]],
          [y1, y[1]],
          [x1, x[1]],
        ]) {
          expect(Math.abs((bin / 1023) * 1000 - place)).toBeLessThan(0.6);
        }
      }),
    );
  });
});
