import { describe, expect, it } from 'vitest';
import { assignLabelColors } from '../../../src/render/drawing/label-colors.js';
import { scaleDetections } from '../../../src/render/drawing/scale-detections.js';
import { drawSmallOverlay } from '../../../src/render/drawing/small-overlay.js';

const small = { width: 10, height: 10, data: new Uint8Array(300) };
const picture = { width: 100, height: 100 };
const box = { x0: 20, y0: 30, x1: 60, y1: 70 };
const mask = { width: 2, height: 2, data: Uint8Array.from([1, 0, 0, 0]) };

function pixel(data: Uint8Array, x: number, y: number): number[] {
  return [...data.subarray((y * 10 + x) * 3, (y * 10 + x) * 3 + 3)];
}

describe('drawSmallOverlay', () => {
  it('frames what is in the box in its label colour, and leaves the picture alone', () => {
    const { data } = drawSmallOverlay(small, [{ label: 'cat', box }], picture);
    const { color } = assignLabelColors(['cat']).get('cat')!;
    expect(pixel(data, 1, 2)).toEqual(color);
    expect(pixel(data, 6, 7)).toEqual(color);
    for (const [x, y] of [
      [2, 3],
      [5, 6],
      [0, 2],
      [7, 7],
    ]) {
      expect(pixel(data, x, y)).toEqual([0, 0, 0]);
    }
    expect(small.data.every((value) => value === 0)).toBe(true);
  });

  it('tints what lies under a mask of another size', () => {
    const { data } = drawSmallOverlay(small, [{ label: 'cat', box, mask }], picture);
    expect(pixel(data, 0, 0)).not.toEqual([0, 0, 0]);
    expect(pixel(data, 9, 0)).toEqual([0, 0, 0]);
    expect(pixel(data, 0, 9)).toEqual([0, 0, 0]);
  });

  it('shows a box however small', () => {
    const { data } = drawSmallOverlay(
      small,
      [{ label: 'cat', box: { x0: 51, y0: 51, x1: 52, y1: 52 } }],
      picture,
    );
    expect(pixel(data, 4, 4)).not.toEqual([0, 0, 0]);
    expect(pixel(data, 5, 5)).toEqual([0, 0, 0]);
  });
});

describe('scaleDetections', () => {
  it('scales boxes and masks', () => {
    const detection = { label: 'cat', score: 1, boxScore: 1, box, mask, bins: [1, 2, 3, 4] } as const;
    const [scaled] = scaleDetections([detection], picture, { width: 10, height: 4 });
    expect(scaled.box.x0).toBeCloseTo(2);
    expect(scaled.box.y1).toBeCloseTo(2.8);
    expect(scaled.mask!.data).toHaveLength(40);
    expect(scaled.mask!.data.reduce((sum, value) => sum + value, 0)).toBe(5 * 2);
  });
});
