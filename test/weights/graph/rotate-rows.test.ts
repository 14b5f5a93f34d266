import { describe, expect, it } from 'vitest';
import { hadamardMatrix, rotateRows, rotationWidth } from '../../../src/weights/graph/rotate-rows.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';

const random = SeededRandom.fromSeed(5);
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.next() + random.next() - 1);

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Each `width` values times the Hadamard matrix, as the graph does it. */
function turn(values: Float32Array, width: number): Float32Array {
  const matrix = hadamardMatrix(width);
  return values.map((_, i) => {
    const start = Math.floor(i / width) * width;
    let sum = 0;
    for (let k = 0; k < width; k++) sum += values[start + k] * matrix[k * width + (i % width)];
    return sum;
  });
}

async function rotate(values: Float32Array, columns: number): Promise<Float32Array> {
  const rows = values.length / columns;
  const source = {
    rows,
    columns,
    readRows: async (start: number, count: number) =>
      values.slice(start * columns, (start + count) * columns),
  };
  return rotateRows(source).readRows(0, rows);
}

describe('rotationWidth', () => {
  it.each([
    [2048, 128],
    [480, 32],
    [4304, 16],
    [141, 1],
  ])('of %i inputs is %i', (inputs, width) => {
    expect(rotationWidth(inputs)).toBe(width);
  });
});

describe('rotateRows', () => {
  it.each([1, 2, 16, 128])(
    'turns weights as the graph turns inputs, %i wide, so products stay',
    async (width) => {
      const inputs = 3 * width;
      const weights = noise(inputs);
      const x = noise(inputs);
      const turned = await rotate(weights, inputs);
      expect(dot(turn(x, rotationWidth(inputs)), turned)).toBeCloseTo(dot(x, weights), 4);
    },
  );

  it('leaves what it reads as it was', async () => {
    const values = noise(256);
    const before = values.slice();
    await rotate(values, 128);
    expect(values).toEqual(before);
  });

  it('takes most of the error of rounding inputs with an outlier to eight bits', async () => {
    const inputs = 1024;
    const x = noise(inputs);
    x[77] *= 300;
    /** How far the product is off when the input is rounded with one scale. */
    const errorOf = (input: Float32Array, weights: Float32Array): number => {
      const scale = input.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
      const rounded = input.map((value) => Math.round(value / scale) * scale);
      return Math.abs(dot(rounded, weights) - dot(input, weights));
    };
    let [plain, turned] = [0, 0];
    for (let i = 0; i < 50; i++) {
      const weights = noise(inputs);
      plain += errorOf(x, weights);
      turned += errorOf(turn(x, 128), await rotate(weights, inputs));
    }
    expect(turned).toBeLessThan(plain / 2);
  });
});
