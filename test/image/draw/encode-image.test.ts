import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { encodeImage, imageFormatOf, writeImage } from '../../../src/image/draw/encode-image.js';
import { writeFileWhole } from '../../../src/base/files/write-file-whole.js';

const width = 16;
const height = 12;
/** A smooth ramp: lossy formats keep it within a few levels. */
const ramp = Uint8Array.from({ length: width * height * 3 }, (_, i) => Math.floor(i / 3) + (i % 3) * 20);
const image = { width, height, data: ramp };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-encode-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function failure(work: Promise<unknown>): Promise<UsageError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return error as UsageError;
}

describe('writeImage', () => {
  it.each([
    ['out.png', 'png', 0],
    ['out.jpg', 'jpeg', 12],
    ['OUT.JPEG', 'jpeg', 12],
    ['out.webp', 'webp', 12],
  ])('writes %s as %s', async (name, format, tolerance) => {
    const path = join(folder, name);
    await writeImage(image, path);
    expect((await sharp(path).metadata()).format).toBe(format);
    const back = await decodeImage(path);
    expect([back.width, back.height]).toEqual([width, height]);
    const worst = back.data.reduce((most, value, i) => Math.max(most, Math.abs(value - ramp[i])), 0);
    expect(worst).toBeLessThanOrEqual(tolerance);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('writes a gray mask as an 8-bit gray PNG', async () => {
    const path = join(folder, 'mask.png');
    await writeImage({ width: 3, height: 1, data: Uint8Array.from([0, 255, 128]) }, path);
    const metadata = await sharp(path).metadata();
    expect([metadata.channels, metadata.depth, metadata.space]).toEqual([1, 'uchar', 'b-w']);
  });

  it('keeps alpha in PNG and lays it on white in JPEG', async () => {
    const clear = { width: 1, height: 1, data: Uint8Array.from([10, 20, 30, 0]) };
    expect((await sharp(await encodeImage(clear, 'png')).metadata()).hasAlpha).toBe(true);
    expect(Array.from((await decodeImage(await encodeImage(clear, 'jpeg'))).data)).toEqual([255, 255, 255]);
  });

  it.each(['picture', 'picture.gif', 'picture.', '.png/x', 'a.PNGX'])('refuses the name %s', (name) => {
    expect(() => imageFormatOf(name)).toThrow(UsageError);
  });

  it('says that a picture is too wide for WebP', async () => {
    const strip = { width: 16_384, height: 1, data: new Uint8Array(16_384 * 3) };
    expect((await failure(encodeImage(strip, 'webp'))).code).toBe('OUTPUT_TOO_LARGE');
  });

  it('names the folder that does not exist', async () => {
    const error = await failure(writeImage(image, join(folder, 'no', 'out.png')));
    expect(error.code).toBe('OUTPUT_UNWRITABLE');
    expect(error.message).toContain(`the folder ${join(folder, 'no')} does not exist`);
  });

  it('leaves nothing behind when a folder has the name', async () => {
    mkdirSync(join(folder, 'out.png', 'full'), { recursive: true });
    expect((await failure(writeImage(image, join(folder, 'out.png')))).code).toBe('OUTPUT_UNWRITABLE');
    expect(readdirSync(folder)).toEqual(['out.png']);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says when it may not write',
    async () => {
      chmodSync(folder, 0o500);
      expect((await failure(writeImage(image, join(folder, 'out.png')))).message).toContain('no permission');
      chmodSync(folder, 0o700);
    },
  );

  it('replaces an older file', async () => {
    const path = join(folder, 'old.svg');
    writeFileSync(path, 'old');
    await writeFileWhole(path, '<svg/>');
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(folder)).toEqual(['old.svg']);
  });
});
