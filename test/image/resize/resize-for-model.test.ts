import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../../src/base/image.js';
import { resizeForModel } from '../../../src/image/resize/resize-for-model.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';

function makeImage(width: number, height: number): RgbImage {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 31) >> 3) };
}

describe('resizeForModel', () => {
  it.each([
    ['another size', makeImage(1200, 1000)],
    ['the size already', makeImage(1024, 1024)],
  ])('gives what toModelPixels gives: %s', async (_, image) => {
    const side = image.width === 1024 ? 1024 : 56;
    const before = Uint8Array.from(image.data);
    const pixels = await resizeForModel(image, side);
    expect(pixels.side).toBe(side);
    // Comparing millions of values one by one takes seconds.
    expect(Buffer.compare(pixels.data, toModelPixels(image, side).data)).toBe(0);
    expect(Buffer.compare(image.data, before)).toBe(0);
  });

  it('resizes several at once, each once for a side', async () => {
    const images = Array.from({ length: 5 }, (_, i) => makeImage(1000 + i, 1000));
    const first = await Promise.all(images.map((image) => resizeForModel(image, 56)));
    expect(first).toEqual(images.map((image) => toModelPixels(image, 56)));
    expect(await resizeForModel(images[0], 56)).toBe(first[0]);
    expect((await resizeForModel(images[0], 28)).side).toBe(28);
  });

  it('tells of a picture without pixels', async () => {
    const empty = { width: 0, height: 5, data: new Uint8Array(0) };
    await expect(resizeForModel(empty, 56)).rejects.toMatchObject({ code: 'IMAGE_EMPTY' });
  });
});
