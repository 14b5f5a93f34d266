import { describe, expect, it } from 'vitest';
import { listMlpPieces } from '../../../src/weights/graph/mlp-pieces.js';

describe('listMlpPieces', () => {
  it.each([
    ['PaliGemma 3B', 16384, [8320, 8064]],
    ['PaliGemma 2 3B', 9216, [4608, 4608]],
    ['PaliGemma 2 10B', 14336, [7296, 7040]],
    ['PaliGemma 2 28B', 36864, [7424, 7424, 7424, 7424, 7168]],
    ['the demo', 480, [480]],
  ])('of %s', (_, width, pieces) => {
    expect(listMlpPieces(width, 'w8a8')).toEqual(pieces);
    expect(pieces.reduce((sum, length) => sum + length)).toBe(width);
  });

  it('keeps matrices of other formats whole', () => {
    expect(listMlpPieces(16384, 'q4')).toEqual([16384]);
    expect(listMlpPieces(16384, 'f32')).toEqual([16384]);
  });
});
