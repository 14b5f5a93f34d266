import { describe, expect, it } from 'vitest';
import { resizeBilinear } from '../../src/answers/resize-bilinear.js';

/** One row, resized across. */
function resizeRow(values: number[], width: number): number[] {
  const rows: number[][] = [];
  const from = { width: values.length, height: 1 };
  resizeBilinear(Float32Array.from(values), from, { width, height: 1 }, (row) => rows.push([...row]));
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('resizeBilinear', () => {
  it('interpolates when enlarging', () => {
    expect(resizeRow([0, 1], 4)).toEqual([0, 0.25, 0.75, 1]);
  });

  it('averages over a triangle when shrinking', () => {
    // Half the width: each value takes part with 1, 3, 3, 1 eighths, at the edges 3, 3, 1 sevenths.
    const [left, right] = resizeRow([7, 0, 0, 0], 2);
    expect(left).toBeCloseTo(3, 6);
    expect(right).toBeCloseTo(0, 6);
    expect(resizeRow([0, 0, 8, 0, 0, 0], 3)).toEqual([expect.closeTo(8 / 7, 6), 3, 0]);
  });

  it('does the same downwards as across', () => {
    const values = [3, -1, 4, 1, -5];
    const column: number[] = [];
    const to = { width: 1, height: 8 };
    resizeBilinear(Float32Array.from(values), { width: 1, height: 5 }, to, (row, y) => (column[y] = row[0]));
    expect(column).toEqual(resizeRow(values, 8));
  });

  it('keeps a flat picture flat', () => {
    const flat = new Float32Array(35).fill(0.3);
    resizeBilinear(flat, { width: 7, height: 5 }, { width: 11, height: 3 }, (row) => {
      for (const value of row) expect(value).toBeCloseTo(0.3, 6);
    });
  });
});
