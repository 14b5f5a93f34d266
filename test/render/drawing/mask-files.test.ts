import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BinaryMask, Detection } from '../../../src/base/detection.js';
import { UsageError } from '../../../src/base/errors.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { createFileNames } from '../../../src/render/file-names.js';
import { writeMasks } from '../../../src/render/drawing/mask-files.js';

function detection(label: string, mask?: BinaryMask): Detection {
  return {
    label,
    score: 0.9,
    boxScore: 0.8,
    box: { x0: 0, y0: 0, x1: 3, y1: 2 },
    bins: [0, 0, 1023, 1023],
    ...(mask === undefined ? {} : { mask }),
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-masks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeMasks', () => {
  const mask = { width: 3, height: 2, data: Uint8Array.from([0, 1, 0, 1, 1, 1]) };

  it('writes one gray PNG of the full size for each mask', async () => {
    const masks = join(folder, 'a', 'masks');
    const paths = await writeMasks(
      [detection('dog', mask), detection('cat'), detection('', mask)],
      masks,
      'park',
    );
    expect(paths).toEqual([join(masks, 'park-1-dog.png'), join(masks, 'park-3-object.png')]);
    const metadata = await sharp(paths[0]).metadata();
    expect([metadata.width, metadata.height, metadata.channels, metadata.depth]).toEqual([3, 2, 1, 'uchar']);
    const { data } = await decodeImage(paths[0]);
    expect(Array.from(data.filter((_, i) => i % 3 === 0))).toEqual([0, 255, 0, 255, 255, 255]);
  });

  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['..', 'object'],
    ['C:\\x\u0000y', 'c-x-y'],
    ['犬 と 猫', '犬-と-猫'],
    ['a'.repeat(500), 'a'.repeat(40)],
  ])('makes a safe file name of %j', async (label, slug) => {
    const paths = await writeMasks([detection(label, mask)], folder, 'up');
    expect(paths).toEqual([join(folder, `up-1-${slug}.png`)]);
    expect(readdirSync(folder)).toEqual([`up-1-${slug}.png`]);
  });

  it('does not write one picture over another whose long name begins alike', async () => {
    const name = 'holiday-in-the-mountains-with-the-family-2024';
    const nameFor = createFileNames();
    const inputs = [
      `${name}-000001.mp4`,
      `${name}-000002.mp4`,
      'IMG 1.png',
      'img-1.png',
      `${'文'.repeat(90)}.png`,
    ];
    for (const input of inputs) await writeMasks([detection('猫'.repeat(90), mask)], folder, nameFor(input));
    expect(readdirSync(folder)).toHaveLength(inputs.length);
  });

  it('says when the folder is a file', async () => {
    writeFileSync(join(folder, 'file.png'), '');
    const work = writeMasks([detection('dog', mask)], join(folder, 'file.png'), 'x');
    await expect(work).rejects.toThrow(UsageError);
  });
});
