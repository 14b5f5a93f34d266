import type { RgbImage } from '../../base/image.js';

/** A frame in few enough cells that noise averages out, and many enough that a moving object still changes some. */
const COLUMNS = 16;
const ROWS = 9;

/** The mean colours of a frame's cells, row-major, RGB, 0..255: a few numbers to compare later. */
export type FrameSketch = Float64Array;

/** Reduce a frame to its cells. A frame smaller than the grid has some cells without a pixel; they stay 0. */
export function sketchFrame({ width, height, data }: RgbImage): FrameSketch {
  const sketch = new Float64Array(COLUMNS * ROWS * 3);
  const counts = new Float64Array(COLUMNS * ROWS);
  const columnOf = Uint8Array.from({ length: width }, (_, x) => Math.floor((x * COLUMNS) / width));
  for (let y = 0, from = 0; y < height; y++) {
    const row = Math.floor((y * ROWS) / height) * COLUMNS;
    for (let x = 0; x < width; x++, from += 3) {
      const cell = row + columnOf[x];
      counts[cell]++;
      sketch[cell * 3] += data[from];
      sketch[cell * 3 + 1] += data[from + 1];
      sketch[cell * 3 + 2] += data[from + 2];
    }
  }
  return sketch.map((sum, i) => (sum === 0 ? 0 : sum / counts[Math.floor(i / 3)]));
}

/** How much the cell that changed most has changed: 0 for equal frames, 1 from black to white. */
export function sketchDifference(a: FrameSketch, b: FrameSketch): number {
  let most = 0;
  for (let i = 0; i < a.length; i += 3) {
    const change = Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1]) + Math.abs(a[i + 2] - b[i + 2]);
    if (change > most) most = change;
  }
  return most / (3 * 255);
}
