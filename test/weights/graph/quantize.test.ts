import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeBlocks } from '../../../src/weights/graph/quantize-blocks.js';
import { quantizeColumns } from '../../../src/weights/graph/quantize-columns.js';

const BLOCK_SIZE = 32;

/** Gaussian numbers that are the same every time (Box-Muller over a linear congruential generator). */
function gaussian(count: number): Float32Array {
  let state = 12_345;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

function relativeRms(actual: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, index) => {
    difference += (actual[index] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

/** What MatMulNBits multiplies with: (value - zero) * scale, zero 8 or 128, low half of a byte first. */
function restoreBlocks(weights: Float32Array, rows: number, columns: number, bits: 4 | 8): Float32Array {
  const { values, scales } = quantizeBlocks(weights, rows, columns, bits, BLOCK_SIZE);
  expect(values).toHaveLength((weights.length * bits) / 8);
  expect(scales).toHaveLength(weights.length / BLOCK_SIZE);
  return Float32Array.from(weights, (_, index) => {
    const value = bits === 8 ? values[index] - 128 : ((values[index >> 1] >> (index & 1 ? 4 : 0)) & 15) - 8;
    return value * scales[Math.floor(index / BLOCK_SIZE)];
  });
}

function quantizeAll(
  weights: Float32Array,
  rows: number,
  inputs: number,
): { target: Int8Array; scales: Float32Array; restored: Float32Array } {
  const target = new Int8Array(weights.length);
  const scales = new Float32Array(rows);
  // In two slices, as a large matrix comes.
  const cut = Math.floor(rows / 2);
  quantizeColumns(weights.subarray(0, cut * inputs), 0, cut, inputs, rows, target, scales);
  quantizeColumns(weights.subarray(cut * inputs), cut, rows - cut, inputs, rows, target, scales);
  const restored = Float32Array.from(weights, (_, index) => {
    const row = Math.floor(index / inputs);
    return target[(index % inputs) * rows + row] * scales[row];
  });
  return { target, scales, restored };
}

describe('quantizeBlocks', () => {
  // Relative RMS errors of Gaussian weights, as measured for the choice of formats: 4 bits 0.086, 8 bits 0.0053.
  it.each([
    { bits: 4, least: 0.075, most: 0.09 },
    { bits: 8, least: 0.004, most: 0.006 },
  ] as const)('loses what $bits bits must lose, not more', ({ bits, least, most }) => {
    const weights = gaussian(64 * 1024);
    const error = relativeRms(restoreBlocks(weights, 64, 1024, bits), weights);
    expect(error).toBeGreaterThan(least);
    expect(error).toBeLessThan(most);
  });

  it('keeps every weight within a step of its block', () => {
    const floats = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), {
      minLength: BLOCK_SIZE,
      maxLength: BLOCK_SIZE,
    });
    fc.assert(
      fc.property(floats, fc.constantFrom(4 as const, 8 as const), (list, bits) => {
        const weights = Float32Array.from(list);
        const largest = Math.max(...list.map(Math.abs));
        const restored = restoreBlocks(weights, 1, BLOCK_SIZE, bits);
        // Half a step of 1/127; with 4 bits -8 is taken and +8 is not, and the step may be 0.9 of the widest.
        const bound = bits === 8 ? largest / 254 : largest * 0.22;
        restored.forEach((value, index) => {
          expect(Math.abs(value - weights[index])).toBeLessThanOrEqual(bound * 1.001 + 1e-30);
        });
      }),
    );
  });

  it('gives every block its own scale', () => {
    const weights = new Float32Array(2 * BLOCK_SIZE);
    weights.fill(1, 0, BLOCK_SIZE).fill(1000, BLOCK_SIZE);
    for (const bits of [4, 8] as const) {
      const restored = restoreBlocks(weights, 1, 2 * BLOCK_SIZE, bits);
      expect(relativeRms(restored, weights)).toBeLessThan(1e-6);
    }
  });

  it.each([4, 8] as const)('keeps zeros and never gives a number that is none, %i bits', (bits) => {
    const zeros = new Float32Array(BLOCK_SIZE);
    expect(restoreBlocks(zeros, 1, BLOCK_SIZE, bits).every((value) => value === 0)).toBe(true);
    const mixed = new Float32Array(BLOCK_SIZE).fill(0, 0, 31).fill(-3, 31);
    const restored = restoreBlocks(mixed, 1, BLOCK_SIZE, bits);
    expect(restored.every(Number.isFinite)).toBe(true);
    expect(restored[31]).toBeCloseTo(-3, 5);
    const tiny = new Float32Array(BLOCK_SIZE).fill(1e-44);
    expect(restoreBlocks(tiny, 1, BLOCK_SIZE, bits).every(Number.isFinite)).toBe(true);
  });
});

describe('quantizeBlocks with larger blocks', () => {
  it('fits the scales of 4 bits by least squares', () => {
    const weights = gaussian(64 * 1024);
    const { values, scales } = quantizeBlocks(weights, 64, 1024, 4, 128);
    const restored = weights.map((_, i) => {
      const value = ((values[i >> 1] >> (i & 1 ? 4 : 0)) & 15) - 8;
      return value * scales[Math.floor(i / 128)];
    });
    // 0.102 with the largest magnitude at -8; 0.0964 with the best of eleven steps.
    expect(relativeRms(restored, weights)).toBeLessThan(0.098);
  });

  it.each([4, 8] as const)('fills a last block that is not full with zeros, %i bits', (bits) => {
    const [rows, columns] = [200, 128 + 21];
    const weights = gaussian(rows * columns);
    const { values, scales } = quantizeBlocks(weights, rows, columns, bits, 128);
    expect(scales).toHaveLength(rows * 2);
    expect(values).toHaveLength((rows * 2 * 128 * bits) / 8);
    const at = (row: number, column: number): number => {
      const place = row * 256 + column;
      const value = bits === 8 ? values[place] - 128 : ((values[place >> 1] >> (place & 1 ? 4 : 0)) & 15) - 8;
      return value * scales[row * 2 + Math.floor(column / 128)];
    };
    const restored = weights.map((_, i) => at(Math.floor(i / columns), i % columns));
    expect(relativeRms(restored, weights)).toBeLessThan(bits === 4 ? 0.105 : 0.01);
    for (let row = 0; row < rows; row++) {
      for (let column = columns; column < 256; column++) expect(Math.abs(at(row, column))).toBe(0);
    }
  });
});

describe('quantizeColumns', () => {
  it('loses what 7 bits must lose, not more', () => {
    const weights = gaussian(200 * 1000);
    const { restored } = quantizeAll(weights, 200, 1000);
    const error = relativeRms(restored, weights);
    // Measured with +-63: 0.017.
    expect(error).toBeGreaterThan(0.012);
    expect(error).toBeLessThan(0.019);
  });

  it('stays within +-64, so that sums of two products fit into 16 bits, and reaches it', () => {
    const floats = fc.array(
      fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 100), max: 2 ** 100 }),
      {
        minLength: 6,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(floats, (list) => {
        const { target, scales, restored } = quantizeAll(Float32Array.from(list), 2, 3);
        expect(Math.max(...target)).toBeLessThanOrEqual(64);
        expect(Math.min(...target)).toBeGreaterThanOrEqual(-64);
        restored.forEach((value, index) => {
          const step = scales[Math.floor(index / 3)];
          expect(Math.abs(value - Math.fround(list[index]))).toBeLessThanOrEqual(step * 0.5001 + 1e-40);
        });
      }),
    );
    const { target } = quantizeAll(Float32Array.of(1, -2, 0.5, 3, 0, -0.1), 2, 3);
    // [inputs, outputs]: outputs (1, -2, 0.5) and (3, 0, -0.1).
    expect([...target]).toEqual([32, 64, -64, 0, 16, -2]);
  });

  it('gives rows of zeros a scale of zero', () => {
    const { scales, restored } = quantizeAll(new Float32Array(12), 4, 3);
    expect([...scales]).toEqual([0, 0, 0, 0]);
    expect(restored.every((value) => value === 0)).toBe(true);
  });

  it('puts every row into its column, over tiles and slices', () => {
    const rows = 150;
    const weights = Float32Array.from({ length: rows * 2 }, (_, index) =>
      index % 2 === 0 ? 64 : (Math.floor(index / 2) % 129) - 64,
    );
    const { target } = quantizeAll(weights, rows, 2);
    expect([...target.subarray(rows)]).toEqual(Array.from({ length: rows }, (_, row) => (row % 129) - 64));
  });
});
