import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../../src/base/detection.js';
import { cutTile, layoutTiles } from '../../../src/tasks/inputs/cut-tiles.js';
import { mergeTiles } from '../../../src/tasks/answers/merge-tiles.js';

const picture = { width: 1000, height: 500 };

function found(label: string, x0: number, y0: number, x1: number, y1: number, score = 0.9): Detection {
  return { label, score, boxScore: score, box: { x0, y0, x1, y1 }, bins: [0, 0, 1, 1] };
}

describe('layoutTiles', () => {
  it('covers every pixel, stays inside, and overlaps', () => {
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 8 }), (width, height, count) => {
        const tiles = layoutTiles({ width, height }, count);
        for (const { x, y, ...size } of tiles) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
          expect(x + size.width).toBeLessThanOrEqual(width);
          expect(y + size.height).toBeLessThanOrEqual(height);
        }
        const isCovered = (place: number, start: 'x' | 'y', length: 'width' | 'height'): boolean =>
          tiles.some((tile) => tile[start] <= place && place < tile[start] + tile[length]);
        for (let x = 0; x < width; x++) if (!isCovered(x, 'x', 'width')) throw new Error(`column ${x}`);
        for (let y = 0; y < height; y++) if (!isCovered(y, 'y', 'height')) throw new Error(`row ${y}`);
      }),
      { numRuns: 100 },
    );
  });

  it('has as many as asked for along the longer side, about square ones', () => {
    expect(layoutTiles(picture, 3)).toHaveLength(6);
    const [first, second] = layoutTiles(picture, 3);
    expect(first).toEqual({ x: 0, y: 0, width: 385, height: 278 });
    expect(first.x + first.width - second.x).toBeGreaterThanOrEqual(0.19 * first.width);
    expect(layoutTiles({ width: 500, height: 1000 }, 3)).toHaveLength(6);
    expect(layoutTiles(picture, 1)).toEqual([{ x: 0, y: 0, ...picture }]);
  });

  it('cuts the pixels of a tile', () => {
    const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, i) => i);
    expect(cutTile({ width: 4, height: 3, data }, { x: 1, y: 1, width: 2, height: 2 })).toEqual({
      width: 2,
      height: 2,
      data: Uint8Array.from([15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32]),
    });
  });
});

describe('mergeTiles', () => {
  const whole = { x: 0, y: 0, ...picture };
  const right = { x: 600, y: 100, width: 400, height: 400 };

  it('moves boxes and masks into the picture', () => {
    const mask = { width: 400, height: 400, data: new Uint8Array(160_000).fill(1, 0, 400) };
    const [{ box, bins, mask: moved }] = mergeTiles(
      [{ tile: right, detections: [{ ...found('cup', 100, 50, 200, 150), mask }] }],
      picture,
    );
    expect(box).toEqual({ x0: 700, y0: 150, x1: 800, y1: 250 });
    expect(bins).toEqual([307, 716, 512, 818]);
    expect(moved!.data.indexOf(1)).toBe(100 * 1000 + 600);
    expect(moved!.data.reduce((sum, value) => sum + value, 0)).toBe(400);
  });

  it('keeps one of two boxes of the same object, the better', () => {
    const merged = mergeTiles(
      [
        { tile: whole, detections: [found('cup', 700, 150, 800, 250, 0.5)] },
        { tile: right, detections: [found('cup', 102, 51, 201, 152, 0.8), found('fork', 101, 50, 200, 150)] },
      ],
      picture,
    );
    expect(merged.map(({ label, score }) => [label, score])).toEqual([
      ['fork', 0.9],
      ['cup', 0.8],
    ]);
  });

  it('drops the piece of an object that a tile cut, not a small object before a large one', () => {
    const merged = mergeTiles(
      [
        { tile: whole, detections: [found('car', 400, 150, 800, 400, 0.7)] },
        {
          tile: right,
          detections: [found('car', 0, 60, 200, 300, 0.99), found('car', 40, 100, 80, 140, 0.6)],
        },
      ],
      picture,
    );
    expect(merged.map(({ score }) => score)).toEqual([0.7, 0.6]);
  });

  it('keeps a piece that nothing whole explains', () => {
    expect(mergeTiles([{ tile: right, detections: [found('car', 0, 60, 200, 300)] }], picture)).toHaveLength(
      1,
    );
  });
});
