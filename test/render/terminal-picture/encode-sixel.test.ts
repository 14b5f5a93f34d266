import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeSixel } from '../../../src/render/terminal-picture/encode-sixel.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { decodeSixel } from '../../support/terminal/decode-sixel.js';
import { gradient, meanDifference } from '../../support/terminal/pictures.js';

describe('sixel', () => {
  it('comes back as it was, to a percent of each colour, when there are few colours', () => {
    const colors = [
      [0, 0, 0],
      [255, 255, 255],
      [230, 25, 75],
      [0, 130, 230],
    ];
    const data = Uint8Array.from({ length: 33 * 20 }, (_, i) => (i * 7 + (i >> 4)) % 4).reduce(
      (rgb, index, i) => (rgb.set(colors[index], i * 3), rgb),
      new Uint8Array(33 * 20 * 3),
    );
    const back = decodeSixel(encodeSixel({ width: 33, height: 20, data }));
    expect(back.colors).toBe(4);
    for (const [i, value] of back.data.entries()) expect(Math.abs(value - data[i])).toBeLessThanOrEqual(2);
  });

  it('comes back close, in 256 colours, when there are many', () => {
    const image = gradient(200, 123);
    const back = decodeSixel(encodeSixel(image));
    expect(back.colors).toBe(256);
    expect(meanDifference(back, image)).toBeLessThan(5);
  });

  it('counts four or more equal columns, and ends with the last column of a colour', () => {
    const [red, blue] = [
      [255, 0, 0],
      [0, 0, 255],
    ];
    const pixel = (x: number, y: number): number[] => (x < 5 && y === 0 ? red : blue);
    const rows = Array.from({ length: 7 }, (_, y) => Array.from({ length: 8 }, (_, x) => pixel(x, y)));
    const text = encodeSixel({ width: 8, height: 7, data: Uint8Array.from(rows.flat(2)) });
    // Red in the first row of five columns; blue below it, in three whole columns and in the second band.
    expect(text).toBe('\u001bP0;1q"1;1;8;7#0;2;0;0;100#1;2;100;0;0#0!5}~~~$#1!5@-#0!8@\u001b\\');
  });

  it('has the size that was asked for', async () => {
    const text = await encodeTerminalPicture(
      gradient(1000, 500),
      { protocol: 'sixel', isInTmux: false },
      { columns: 20, rows: 20 },
    );
    expect(text.endsWith('\n')).toBe(true);
    expect(decodeSixel(text.slice(0, -1))).toMatchObject({ width: 160, height: 80 });
  });

  it('sets every pixel of any picture', () => {
    const image = fc
      .record({ width: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 1, max: 20 }) })
      .chain(({ width, height }) =>
        fc
          .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(image, (one) => {
        // At most 400 pixels: no more than two or three colours share a place.
        expect(meanDifference(decodeSixel(encodeSixel(one)), one)).toBeLessThan(16);
      }),
    );
  });
});
