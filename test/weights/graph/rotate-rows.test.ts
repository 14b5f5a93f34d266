import { describe, expect, it } from 'vitest';
import { hadamardMatrix, rotateRows, rotationSide } from '../../../src/weights/graph/rotate-rows.js';
import { SeededRandom } from '../../../src/engine/child/seeded-random.js';

const random = SeededRandom.fromSeed(5);
const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.next() + random.next() - 1);

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Times the Hadamard matrix from the right as [n / side, side], then from the left as [side, n / side], as the graph does it. */
function turn(values: Float32Array): Float32Array {
  const side = rotationSide(values.length);
  const matrix = hadamardMatrix(side);
  const apart = values.length / side;
  const once = values.map((_, i) => {
    const start = i - (i % side);
    let sum = 0;
    for (let k = 0; k < side; k++) sum += values[start + k] * matrix[k * side + (i % side)];
    return sum;
  });
  return once.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < side; k++)
      sum += matrix[Math.floor(i / apart) * side + k] * once[k * apart + (i % apart)];
    return sum;
  });
}

async function rotate(values: Float32Array, columns: number, pieces?: number[]): Promise<Float32Array> {
  const rows = values.length / columns;
  const source = {
    rows,
    columns,
    readRows: async (start: number, count: number) =>
      values.slice(start * columns, (start + count) * columns),
  };
  return rotateRows(source, pieces).readRows(0, rows);
}

describe('rotationSide', () => {
  it.each([
    [2048, 16],
    [8064, 16],
    [4304, 16],
    [1140, 4],
    [141, 1],
  ])('of %i inputs is %i', (inputs, side) => {
    expect(rotationSide(inputs)).toBe(side);
  });
});

describe('rotateRows', () => {
  it.each([3, 6, 48, 260, 1024])(
    'turns %i weights as the graph turns inputs, so products stay',
    async (inputs) => {
      const weights = noise(inputs);
      const x = noise(inputs);
      expect(dot(turn(x), await rotate(weights, inputs))).toBeCloseTo(dot(x, weights), 4);
    },
  );

  it('turns the pieces of each row for themselves', async () => {
    const pieces = [64, 48];
    const weights = noise(3 * 112);
    const turned = await rotate(weights, 112, pieces);
    for (let row = 0; row < 3; row++) {
      let at = row * 112;
      for (const length of pieces) {
        const alone = await rotate(weights.slice(at, at + length), length);
        expect(turned.slice(at, at + length)).toEqual(alone);
        at += length;
      }
    }
  });

  it('spreads one value over 256', async () => {
    const one = new Float32Array(4096);
    one[1234] = 1;
    const turned = await rotate(one, 4096);
    expect(turned.filter((value) => Math.abs(Math.abs(value) - 1 / 16) < 1e-6)).toHaveLength(256);
  });

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
      turned += errorOf(turn(x), await rotate(weights, inputs));
    }
    expect(turned).toBeLessThan(plain / 2);
  });
});
