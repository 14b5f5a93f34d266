import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bfloatToFloat, floatsToHalf, floatToHalf, halfToFloat } from '../../src/base/half-float.js';

const allBits = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

/** float16 by its definition (IEEE 754, binary16). */
function defineHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? (sign * fraction) / 2 ** 24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

describe('float16', () => {
  const floats = new Float32Array(65_536);
  halfToFloat(allBits, floats);

  it('widens all 65,536 values', () => {
    expect(floats).toEqual(Float32Array.from(allBits, defineHalf));
    expect(Object.is(floats[0x8000], -0)).toBe(true);
  });

  it('gives them back', () => {
    const back = floatsToHalf(floats);
    const wrong = allBits.filter((bits) => back[bits] !== bits && !Number.isNaN(floats[bits]));
    expect(wrong).toHaveLength(0);
    expect(allBits.filter((bits) => Number.isNaN(floats[bits]))).toHaveLength(2 * 1023);
    expect(floatToHalf(NaN)).toBe(0x7e00);
  });

  it('rounds halfway values to the even neighbour, others to the nearer', () => {
    // Up to 0x7bff (65504): halfway beyond it is where infinity begins.
    for (let bits = 0; bits < 0x7bff; bits++) {
      const below = floats[bits];
      const above = floats[bits + 1];
      const middle = (below + above) / 2;
      const even = bits & 1 ? bits + 1 : bits;
      const step = above - below;
      if (floatToHalf(middle) !== even) expect.fail(`halfway above ${below}`);
      if (floatToHalf(-middle) !== (even | 0x8000)) expect.fail(`halfway below ${-below}`);
      if (floatToHalf(middle - step / 1024) !== bits) expect.fail(`just below halfway above ${below}`);
      if (floatToHalf(middle + step / 1024) !== bits + 1) expect.fail(`just above halfway above ${below}`);
    }
  });

  it('goes to infinity from halfway above 65504, and to zero at half of the smallest', () => {
    expect(floatToHalf(65_519)).toBe(0x7bff);
    expect(floatToHalf(65_520)).toBe(0x7c00);
    expect(floatToHalf(-1e30)).toBe(0xfc00);
    expect(floatToHalf(Infinity)).toBe(0x7c00);
    expect(floatToHalf(2 ** -25)).toBe(0);
    expect(floatToHalf(2 ** -25 * 1.001)).toBe(1);
    expect(floatToHalf(-(2 ** -26))).toBe(0x8000);
    expect(floatToHalf(1e-45)).toBe(0);
  });

  it('is off by half a step at most', () => {
    const target = new Float32Array(1);
    fc.assert(
      fc.property(fc.float({ min: -65_504, max: 65_504, noNaN: true }), (value) => {
        halfToFloat(Uint16Array.of(floatToHalf(value)), target);
        const bound = Math.max(Math.abs(value) * 2 ** -11, 2 ** -25);
        expect(Math.abs(target[0] - value)).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe('bfloat16', () => {
  it('is the upper half of a float32', () => {
    const floats = new Float32Array(65_536);
    bfloatToFloat(allBits, floats);
    const bits = new Uint32Array(floats.buffer);
    expect(allBits.filter((half) => bits[half] !== half * 65_536)).toHaveLength(0);
    expect(floats[0x3f80]).toBe(1);
    expect(floats[0xc040]).toBe(-3);
  });

  it('writes where the target begins', () => {
    const room = new Float32Array(4);
    bfloatToFloat(Uint16Array.of(0x3f80, 0x4000), room.subarray(1, 3));
    expect([...room]).toEqual([0, 1, 2, 0]);
  });
});
