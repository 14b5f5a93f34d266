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
