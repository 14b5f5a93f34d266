import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';
import { toModelPicture } from '../../../src/tasks/inputs/to-model-picture.js';

function makeImage(width: number, height: number): RgbImage {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) >> 3) };
}

describe('toModelPicture', () => {
  it.each([
    ['another size', makeImage(1200, 1000)],
    ['the size already', makeImage(1024, 1024)],
  ])('gives what toModelPixels gives: %s', async (_, image) => {
    const side = image.width === 1024 ? 1024 : 56;
    const before = Uint8Array.from(image.data);
    const { pixels, size, decodeMs } = await toModelPicture({ image, decodeMs: 5 }, side);
    expect(pixels.side).toBe(side);
    expect(size).toEqual({ width: image.width, height: image.height });
    expect(decodeMs).toBeGreaterThanOrEqual(5);
    // Comparing millions of values one by one takes seconds.
    expect(Buffer.compare(pixels.data, toModelPixels(image, side).data)).toBe(0);
    expect(Buffer.compare(image.data, before)).toBe(0);
  });

  it('shrinks several at once', async () => {
    const images = Array.from({ length: 5 }, (_, i) => makeImage(1000 + i, 1000));
    const pictures = await Promise.all(images.map((image) => toModelPicture({ image, decodeMs: 0 }, 56)));
    expect(pictures.map(({ pixels }) => pixels)).toEqual(images.map((image) => toModelPixels(image, 56)));
  });

  it('tells of a picture without pixels', async () => {
    const image = { width: 0, height: 5, data: new Uint8Array(0) };
    await expect(toModelPicture({ image, decodeMs: 0 }, 56)).rejects.toMatchObject({ code: 'IMAGE_EMPTY' });
  });
});
