import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { encodeSixel } from '../../../src/render/terminal-picture/encode-sixel.js';
import { encodeTerminalPicture } from '../../../src/render/terminal-picture/encode-terminal-picture.js';
import { gradient, meanDifference } from './pictures.js';

/** Draw as a terminal does; pixels that nothing sets would stay magenta. Fails on what sixel does not know. */
function decodeSixel(text: string): RgbImage & { colors: number } {
  // eslint-disable-next-line no-control-regex
  const [, width, height, body] = /^\u001bP0;1q"1;1;(\d+);(\d+)([^\u001b]*)\u001b\\$/.exec(text)!;
  const size = { width: Number(width), height: Number(height) };
  const data = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([255, 0, 255], i);
  const registers = new Map<number, number[]>();
  let [x, y, color] = [0, 0, 0];
  const parts = /#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])/y;
  for (parts.lastIndex = 0; parts.lastIndex < body.length;) {
    const found = parts.exec(body);
    if (found === null) throw new Error('This is not sixel.');
    const [, register, red, green, blue, select, count, repeated, one, move] = found;
    if (register !== undefined) {
      registers.set(
        Number(register),
        [red, green, blue].map((value) => Math.round(Number(value) * 2.55)),
      );
    } else if (select !== undefined) color = Number(select);
    else if (move === '$') x = 0;
    else if (move === '-') [x, y] = [0, y + 6];
    else {
      const bits = (repeated ?? one).charCodeAt(0) - 63;
      for (let left = Number(count ?? 1); left > 0; left--, x++) {
        for (let row = 0; row < 6; row++) {
          if (((bits >> row) & 1) === 0) continue;
          if (x >= size.width || y + row >= size.height) throw new Error('A pixel lies outside.');
          data.set(registers.get(color)!, ((y + row) * size.width + x) * 3);
        }
      }
    }
  }
  return { ...size, data, colors: registers.size };
}

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
