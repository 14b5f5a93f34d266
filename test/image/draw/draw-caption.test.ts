import { describe, expect, it } from 'vitest';
import { drawCaption, layoutCaption } from '../../../src/image/draw/draw-caption.js';

const sentence = 'a boat and a crab on a beach, <b>&amp;</b> a moon above the sea at night';

async function draw(text: string, width: number, height: number): Promise<Uint8Array | undefined> {
  const image = { width, height, data: new Uint8Array(width * height * 3).fill(200) };
  const caption = await layoutCaption(text, image);
  if (caption === undefined) return undefined;
  expect(caption.picture.width).toBeLessThanOrEqual(width);
  expect(caption.picture.height).toBeLessThanOrEqual(height);
  drawCaption(image, caption);
  return image.data;
}

/** Rows, counted from the top, that differ from the ground. */
function rowsOf(data: Uint8Array, width: number): number[] {
  const rows = Array.from({ length: data.length / width / 3 }, (_, y) => y);
  return rows.filter((y) => data.subarray(y * width * 3, (y + 1) * width * 3).some((value) => value !== 200));
}

describe('drawCaption', () => {
  it.each([
    [64, 64],
    [48, 200],
    [320, 180],
    [1080, 1920],
    [3840, 2160],
  ])('writes white on dark near the lower edge of %d x %d', async (width, height) => {
    const data = await draw(sentence, width, height);
    const rows = rowsOf(data!, width);
    expect(rows.at(-1)).toBeGreaterThan(height * 0.85);
    expect(rows[0]).toBeGreaterThan(Math.min(height * 0.55, height - 60));
    expect(Math.max(...rows.map((y) => data![(y * width + width / 2) * 3]))).toBeGreaterThan(200);
  });

  it('gives a short text one line and a long one more, but never most of the picture', async () => {
    const heights = [];
    for (const count of [1, 6, 600]) {
      heights.push(rowsOf((await draw(`${sentence} `.repeat(count), 640, 360))!, 640).length);
    }
    expect(heights[1]).toBeGreaterThan(heights[0] * 1.5);
    expect(heights[2]).toBeLessThan(180);
  });

  it.each(['قارب على الشاطئ', '沙滩上的一艘船', 'เรือบนชายหาด', 'x'.repeat(500), 'one\ntwo', '👩‍👩‍👧‍👦'])(
    'draws %j',
    async (text) => {
      expect(await draw(text, 320, 180)).toBeDefined();
    },
  );

  it.each(['', ' \n ', '\u0007', '\u200b'])('draws nothing for %j', async (text) => {
    expect(await draw(text, 320, 180)).toBeUndefined();
  });

  it('draws nothing where no letter fits', async () => {
    for (const [width, height] of [
      [2, 2],
      [16, 16],
      [500, 4],
    ]) {
      expect(await draw('a boat', width, height)).toBeUndefined();
    }
  });
});
