import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeBrushRle } from '../../../src/render/formats/brush-rle.js';

/** Reads what Label Studio's editor reads: the same format, bit by bit. */
function decode(bytes: readonly number[]): number[] {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const read = (count: number): number => parseInt(bits.slice(at, (at += count)), 2);
  const length = read(32);
  const word = read(5) + 1;
  const sizes = [0, 1, 2, 3].map(() => read(4) + 1);
  const values: number[] = [];
  while (values.length < length) {
    const isRun = read(1) === 1;
    const end = values.length + 1 + read(sizes[read(2)]);
    if (isRun) {
      const value = read(word);
      while (values.length < end) values.push(value);
    } else {
      while (values.length < end) values.push(read(word));
    }
  }
  return values;
}

it('writes a mask as four channels of a picture that Label Studio reads back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      fc.infiniteStream(fc.boolean()),
      (width, height, dots) => {
        const data = Uint8Array.from({ length: width * height }, () => Number(dots.next().value));
        const decoded = decode(encodeBrushRle({ width, height, data }));
        expect(decoded).toEqual([...data].flatMap((dot) => Array<number>(4).fill(dot * 255)));
      },
    ),
    { numRuns: 100 },
  );
});

it('writes runs longer than one length holds', () => {
  const data = new Uint8Array(300 * 300).fill(1);
  const decoded = decode(encodeBrushRle({ width: 300, height: 300, data }));
  expect(decoded).toHaveLength(300 * 300 * 4);
  expect(decoded.every((value) => value === 255)).toBe(true);
});
