import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMaskRle, encodeMaskRle } from '../../src/base/mask-rle.js';
import type { BinaryMask } from '../../src/base/detection.js';
import { InputError } from '../../src/base/errors.js';

/** A mask from rows of zeros and ones. */
function toMask(rows: string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), Number);
  return { width: rows[0].length, height: rows.length, data };
}

/** Masks and what pycocotools 2.0 makes of them. */
const recorded: [string, string[], string][] = [
  ['nothing', ['0000', '0000', '0000'], '<'],
  ['all', ['1111', '1111', '1111'], '0<'],
  ['the first pixel', ['10', '00'], '013'],
  ['the last pixel', ['00', '01'], '31'],
  ['a row', ['011100'], '132'],
  ['a column', ['0', '1', '1', '0', '1'], '121O'],
  ['a diagonal', ['10000', '01000', '00100', '00010', '00001'], '0150000000'],
  [
    'noise',
    ['111001011', '000001111', '110010010', '111000010', '001001111', '101110100'],
    '011100001O023NM0020N0006OK1OO',
  ],
];

describe('mask run lengths', () => {
  it.each(recorded)('are those of pycocotools: %s', (_, rows, counts) => {
    const mask = toMask(rows);
    expect(encodeMaskRle(mask)).toEqual({ size: [mask.height, mask.width], counts });
    expect(decodeMaskRle({ size: [mask.height, mask.width], counts })).toEqual(mask);
  });

  it('are those of pycocotools for a disc with runs of many digits', () => {
    const data = new Uint8Array(300 * 400);
    for (let i = 0; i < data.length; i++) {
      const [y, x] = [Math.floor(i / 400) - 150, (i % 400) - 200];
      if (y * y + x * x < 100 * 100) data[i] = 1;
    }
    const mask = { width: 400, height: 300, data };
    const rle = encodeMaskRle(mask);
    expect(rle.counts).toHaveLength(407);
    expect(rle.counts.slice(0, 40)).toBe('Tgm0m0Z8:F:H6I8I6K4K6K4L4L4L4L4L4M2M4M2M');
    expect(rle.counts.slice(-40)).toBe('2N3L3N3L3N3L4L4L4L4L4L5J5L5J7H7J8F:F]Um0');
    expect(decodeMaskRle(rle)).toEqual(mask);
  });

  it('come back as the mask they were made of', () => {
    const mask = fc
      .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
      .chain(({ width, height }) =>
        fc
          .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
          .map((values) => ({ width, height, data: Uint8Array.from(values) })),
      );
    fc.assert(
      fc.property(mask, (one) => {
        expect(decodeMaskRle(encodeMaskRle(one))).toEqual(one);
      }),
    );
  });

  it.each<[string, string, [number, number]]>([
    ['empty', '', [3, 4]],
    ['too short', '5', [3, 4]],
    ['too long', '0<', [1, 4]],
    ['a run below zero', '0O', [1, 1]],
    ['a strange character', '\u007f', [3, 4]],
    ['cut inside a number', 'l', [3, 4]],
    ['a number without end', 'o'.repeat(100), [3, 4]],
    ['a size that is no size', '<', [-3, -4]],
    ['a fraction of a pixel', '<', [1.5, 8]],
    ['more pixels than any picture', '<', [1e9, 1e9]],
  ])('that are damaged are refused: %s', (_, counts, size) => {
    expect(() => decodeMaskRle({ size, counts })).toThrow(InputError);
  });

  it('of any text never break the reader', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789:<O_`Tgmo') }), (counts) => {
        try {
          expect(decodeMaskRle({ size: [3, 4], counts }).data).toHaveLength(12);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
