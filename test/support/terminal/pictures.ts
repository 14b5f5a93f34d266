import type { RgbImage } from '../../../src/base/image.js';

/** Slow changes of colour, with a sharp frame that shows where the edges are. */
export function gradient(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isFrame = x === 0 || y === 0 || x === width - 1 || y === height - 1;
      const color = [(x / width) * 255, (y / height) * 255, 255 - (x / width) * 200];
      data.set(isFrame ? [255, 0, 0] : color, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** Mean difference of two pictures of one size, 0..255. */
export function meanDifference(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height) return Infinity;
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]), 0) / a.data.length;
}
