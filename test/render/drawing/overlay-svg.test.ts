import { describe, expect, it } from 'vitest';
import type { BinaryMask } from '../../../src/base/detection.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { traceMask } from '../../../src/render/drawing/overlay-svg.js';

/** One string for each row, `#` where the object is. */
function maskOf(width: number, rows: readonly string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  return { width, height: rows.length, data };
}

describe('traceMask', () => {
  it.each([
    ['nothing', maskOf(2, ['..', '..']), ''],
    ['a rectangle', maskOf(4, ['....', '.##.', '.##.']), 'M1 1L3 1L3 3L1 3Z'],
    ['an L', maskOf(2, ['#.', '##']), 'M0 0L1 0L1 1L2 1L2 2L0 2Z'],
  ])('outlines %s', (_, mask, path) => {
    expect(traceMask(mask)).toBe(path);
  });

  it.each([
    ['a ring', maskOf(5, ['#####', '#...#', '#.#.#', '#...#', '#####'])],
    ['a chessboard', maskOf(4, ['#.#.', '.#.#', '#.#.', '.#.#'])],
    ['two pieces that touch at a corner', maskOf(4, ['##..', '##..', '..##', '..##'])],
  ])('fills %s again, pixel by pixel', async (_, mask) => {
    const { width, height } = mask;
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">` +
      `<path d="${traceMask(mask)}" fill-rule="evenodd"/></svg>`;
    const back = await decodeImage(Buffer.from(svg));
    const filled = Array.from({ length: width * height }, (_, i) => (back.data[i * 3] < 128 ? 1 : 0));
    expect(filled).toEqual(Array.from(mask.data));
  });
});
