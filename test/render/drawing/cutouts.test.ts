import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.js';
import type { RgbImage } from '../../../src/base/image.js';
import { writeCutouts } from '../../../src/render/drawing/cutouts.js';
import { detectionOf, maskOf } from '../../support/masks.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-cutouts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** 4 x 3 pixels; the pixel in column x and row y is [x, y, 9]. */
const image: RgbImage = {
  width: 4,
  height: 3,
  data: Uint8Array.from({ length: 12 }, (_, i) => i).reduce((data, i) => {
    data.set([i % 4, Math.floor(i / 4), 9], i * 3);
    return data;
  }, new Uint8Array(36)),
};

async function readRgba(path: string): Promise<{ width: number; height: number; pixels: number[][] }> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  const pixels = Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(i * 4, i * 4 + 4)]);
  return { width: info.width, height: info.height, pixels };
}

describe('writeCutouts', () => {
  it('keeps what the mask covers, inside the box, and nothing of the rest', async () => {
    const mask = maskOf(['####', '.##.', '#..#']);
    const detection = detectionOf('dog', { x0: 1.2, y0: 0.9, x1: 3, y1: 3 }, mask);
    const paths = await writeCutouts(image, [detection], join(folder, 'new'), 'park');
    expect(paths).toEqual([join(folder, 'new', 'park-1-dog.png')]);
    expect(await readRgba(paths[0])).toEqual({
      width: 2,
      height: 3,
      pixels: [
        [1, 0, 9, 255],
        [2, 0, 9, 255],
        [1, 1, 9, 255],
        [2, 1, 9, 255],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    });
  });

  it('keeps the whole box where there is no mask, cut at the picture, never empty', async () => {
    const boxes = [
      { x0: 2, y0: 1, x1: 9, y1: 2 },
      { x0: 4, y0: 3, x1: 4.1, y1: 3.1 },
    ];
    const paths = await writeCutouts(
      image,
      boxes.map((box) => detectionOf('', box)),
      folder,
      'up',
    );
    expect(paths).toEqual([join(folder, 'up-1-object.png'), join(folder, 'up-2-object.png')]);
    expect((await readRgba(paths[0])).pixels).toEqual([
      [2, 1, 9, 255],
      [3, 1, 9, 255],
    ]);
    expect((await readRgba(paths[1])).pixels).toEqual([[3, 2, 9, 255]]);
  });

  it('says when the folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const detection = detectionOf('', { x0: 0, y0: 0, x1: 2, y1: 2 });
    const work = writeCutouts(image, [detection], join(folder, 'file'), 'x');
    await expect(work).rejects.toThrow(UsageError);
  });
});
