import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPicture } from '../../../src/render/terminal-picture/fit-picture.js';

describe('fitPicture', () => {
  it.each([
    [
      'as wide as the space',
      { width: 1600, height: 800 },
      { columns: 40, rows: 12, fillsHeight: false },
      [40, 10],
    ],
    [
      'as high as the space',
      { width: 800, height: 1600 },
      { columns: 40, rows: 12, fillsHeight: true },
      [12, 12],
    ],
    [
      'no larger than it is',
      { width: 80, height: 32 },
      { columns: 40, rows: 12, fillsHeight: false },
      [10, 2],
    ],
    ['one pixel', { width: 1, height: 1 }, { columns: 40, rows: 12, fillsHeight: false }, [1, 1]],
  ])('makes a picture %s', (_, picture, { columns, rows, fillsHeight }, cells) => {
    const fitted = fitPicture(picture, { columns, rows });
    expect([fitted.columns, fitted.rows]).toEqual(cells);
    expect(fitted.fillsHeight).toBe(fillsHeight);
  });

  it('knows cells of other sizes', () => {
    const space = { columns: 10, rows: 10, cellPixels: { width: 10, height: 30 } };
    expect(fitPicture({ width: 600, height: 600 }, space)).toMatchObject({
      columns: 10,
      rows: 4,
      width: 100,
      height: 100,
    });
  });

  it('stays in the space and keeps the shape, to a pixel', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    const cells = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, cells, cells, (width, height, columns, rows) => {
        const fitted = fitPicture({ width, height }, { columns, rows });
        expect(fitted.columns).toBeLessThanOrEqual(columns);
        expect(fitted.rows).toBeLessThanOrEqual(rows);
        const scale = Math.max(fitted.width / width, fitted.height / height);
        expect(Math.abs(fitted.width - Math.max(1, width * scale))).toBeLessThanOrEqual(1 + width / height);
        expect(Math.abs(fitted.height - Math.max(1, height * scale))).toBeLessThanOrEqual(1 + height / width);
      }),
    );
  });
});
