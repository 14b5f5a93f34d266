import { describe, expect, it } from 'vitest';
import { redactStyles } from '../../../src/base/redact-style.js';
import { redactAreas } from '../../../src/image/draw/redact-areas.js';

/** A checkerboard of single pixels: detail that must go. */
function board(width = 60, height = 40): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return (pixel + Math.floor(pixel / width)) % 2 === 0 ? 255 : 0;
  });
  return { width, height, data };
}

describe('redactAreas', () => {
  it.each(redactStyles)('takes all detail out of the area with %s, and touches nothing else', (style) => {
    const image = board();
    redactAreas(image, [{ x0: 10.4, y0: 5, x1: 40, y1: 30.2 }], style);
    const original = board();
    for (let y = 0; y < 40; y++) {
      for (let x = 0; x < 60; x++) {
        const value = image.data[(y * 60 + x) * 3];
        const isInside = x >= 10 && x < 40 && y >= 5 && y < 31;
        if (!isInside) expect(value).toBe(original.data[(y * 60 + x) * 3]);
        else if (style === 'box') expect(value).toBe(0);
        else expect(Math.abs(value - 127)).toBeLessThan(12);
      }
    }
  });

  it('takes areas that reach over the border, or lie outside', () => {
    const image = board();
    redactAreas(image, [{ x0: -20, y0: -20, x1: 9, y1: 9 }], 'blur');
    redactAreas(image, [{ x0: 70, y0: 50, x1: 90, y1: 90 }], 'pixelate');
    redactAreas(image, [{ x0: 59.5, y0: 39.5, x1: 80, y1: 80 }], 'blur');
    expect(Math.abs(image.data[0] - 127)).toBeLessThan(12);
  });
});
