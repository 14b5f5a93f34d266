import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { InputError } from '../../../src/base/errors.js';
import { MAX_PIXELS } from '../../../src/image/decode/decode-bytes.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { drawSvg, isSvg } from '../../../src/image/decode/draw-svg.js';

const photoJpeg = readFileSync(fixturePath('resize', 'in/photo.jpg'));
const photoPng = readFileSync(fixturePath('resize', 'in/photo.png'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function failure(source: string | Uint8Array): Promise<InputError> {
  const error: unknown = await decodeImage(source).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

/** A 4 x 2 picture: red, green, blue, white above; black, gray, yellow, cyan below. */
const colors = [
  255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128, 128, 128, 255, 255, 0, 0, 255, 255,
];
function smallPicture(): Sharp {
  return sharp(Uint8Array.from(colors), { raw: { width: 4, height: 2, channels: 3 } });
}

/** A PNG with this header and no useful pixels: a decompression bomb's shape. */
function pngOfSize(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('formats', () => {
  it.each(['png', 'webp', 'tiff', 'avif', 'gif'] as const)('reads lossless %s exactly', async (format) => {
    const options = { lossless: true, compression: 'lzw', chromaSubsampling: '4:4:4' };
    const bytes = await smallPicture().toFormat(format, options).toBuffer();
    const image = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual([4, 2]);
    // Lossless AVIF goes through YCbCr and may round by one.
    const worst = image.data.reduce((most, value, i) => Math.max(most, Math.abs(value - colors[i])), 0);
    expect(worst).toBeLessThanOrEqual(format === 'avif' ? 1 : 0);
  });

  it('reads SVG, its transparent ground laid on white', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="1" height="1" fill="#f00"/></svg>';
    const image = await decodeImage(Buffer.from(svg));
    expect(Array.from(image.data)).toEqual([255, 0, 0, 255, 255, 255]);
  });

  it('takes the upper 8 of 16 bits, in colour too', async () => {
    const values = Uint16Array.from([0x12ff, 0x8001, 0xfffe]);
    const bytes = await sharp(values, { raw: { width: 1, height: 1, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(Array.from((await decodeImage(bytes)).data)).toEqual([0x12, 0x80, 0xff]);
  });

  it.each([
    [255, [0, 100, 255]],
    [1023, [0, 511, 1023]],
    [4095, [0, 2047, 4095]],
  ])('shows white where 16 bits hold values up to %i', async (white, values) => {
    const bytes = await sharp(Uint16Array.from(values), { raw: { width: 3, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const { data } = await decodeImage(bytes);
    const expected = values.map((value) => Math.floor((value / white) * 255.99));
    expect([data[0], data[3], data[6]]).toEqual(expected);
  });

  it.each([
    [1, [0, 0.5, 1], [0, 127, 255]],
    [255, [0, 100, 255], [0, 100, 255]],
    [65_535, [0, 32_768, 65_535], [0, 127, 255]],
  ])('reads a TIFF of floats up to %i', async (_, values, expected) => {
    const { data } = await decodeImage(floatTiff(values));
    expect([data[0], data[3], data[6]]).toEqual(expected);
  });

  it('lays gray with alpha on white', async () => {
    const bytes = await sharp(Uint8Array.from([10, 0, 10, 255, 10, 128]), {
      raw: { width: 3, height: 1, channels: 2 },
    })
      .png()
      .toBuffer();
    const gray = Array.from((await decodeImage(bytes)).data);
    expect(gray).toEqual([255, 255, 255, 10, 10, 10, 132, 132, 132]);
  });

  it.each([
    [1, [0, 1, 2, 3, 4, 5]],
    [2, [2, 1, 0, 5, 4, 3]],
    [3, [5, 4, 3, 2, 1, 0]],
    [4, [3, 4, 5, 0, 1, 2]],
    [5, [0, 3, 1, 4, 2, 5]],
    [6, [3, 0, 4, 1, 5, 2]],
    [7, [5, 2, 4, 1, 3, 0]],
    [8, [2, 5, 1, 4, 0, 3]],
  ])('applies EXIF orientation %i', async (orientation, expected) => {
    const gray = Uint8Array.from([0, 1, 2, 3, 4, 5], (v) => v * 40);
    const bytes = await sharp(gray, { raw: { width: 3, height: 2, channels: 1 } })
      .withMetadata({ orientation })
      .png()
      .toBuffer();
    const image = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual(orientation < 5 ? [3, 2] : [2, 3]);
    expect(
      Array.from(
        image.data.filter((_, i) => i % 3 === 0),
        (v) => v / 40,
      ),
    ).toEqual(expected);
  });
});

it('reads every picture of the demo model in the size that is shown', async () => {
  const pictures = readFileSync(fixturePath('golden', 'golden.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { image?: string; width: number; height: number })
    .filter(({ image }) => image !== undefined);
  expect(pictures.length).toBe(40);
  for (const { image: file, width, height } of pictures) {
    const image = await decodeImage(fixturePath('golden', file));
    expect([file, image.width, image.height]).toEqual([file, width, height]);
    expect(image.data.length).toBe(width * height * 3);
  }
});

describe('what is not a picture', () => {
  it('names a missing file', async () => {
    const error = await failure(join(folder, 'nothing.png'));
    expect(error.code).toBe('IMAGE_MISSING');
    expect(error.message).toBe(`There is no file ${join(folder, 'nothing.png')}.`);
  });

  it.each([
    ['file:///tmp/a.png', 'without file://'],
    ['ftp://example.org/a.png', 'only http and https addresses'],
    ['a\ufffd.png', 'not UTF-8'],
  ])('says what to do about %s', async (path, hint) => {
    expect((await failure(path)).hint).toContain(hint);
  });

  it('names a folder', async () => {
    expect((await failure(folder)).code).toBe('IMAGE_IS_FOLDER');
  });

  it.each([
    ['an empty file', '', 'IMAGE_EMPTY'],
    ['text', 'just some words', 'IMAGE_UNKNOWN_FORMAT'],
    ['HTML', '<!doctype html><p>404', 'IMAGE_UNKNOWN_FORMAT'],
    ['a PDF', '%PDF-1.4\n1 0 obj', 'IMAGE_UNKNOWN_FORMAT'],
    ['a broken SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="2"><rect', 'IMAGE_DAMAGED'],
  ])('says so of %s', async (_, content, code) => {
    const path = join(folder, 'thing.bin');
    writeFileSync(path, content);
    const error = await failure(path);
    expect(error.code).toBe(code);
    expect(error.message).toContain(path);
    expect(error.exitCode).toBe(3);
  });

  it.each(['thing.avi', 'thing.MKV'])('does not take %s for a picture', async (name) => {
    const path = join(folder, name);
    writeFileSync(path, 'just some words');
    const error = await failure(path);
    expect(error.message).toBe(`${path} is neither a picture nor a video that pali can read.`);
    expect(error.hint).not.toContain('JPEG');
  });

  it.each([
    ['JPEG', photoJpeg],
    ['PNG', photoPng],
  ])('calls a truncated %s damaged', async (_, bytes) => {
    expect((await failure(bytes.subarray(0, bytes.length / 2))).code).toBe('IMAGE_DAMAGED');
    expect((await failure(bytes.subarray(0, 30))).code).toBe('IMAGE_DAMAGED');
  });

  it('refuses a PNG that claims to be enormous before it unpacks it', async () => {
    const error = await failure(pngOfSize(30_000, 30_000));
    expect(error.code).toBe('IMAGE_TOO_LARGE');
    expect(error.message).toContain('30000 x 30000 pixels');
    expect(30_000 * 30_000).toBeGreaterThan(MAX_PIXELS);
  });

  it('refuses a PNG without pixels', async () => {
    expect(['IMAGE_EMPTY', 'IMAGE_DAMAGED']).toContain((await failure(pngOfSize(0, 10))).code);
  });

  it('keeps escape sequences of a file name out of the message', async () => {
    const error = await failure(join(folder, 'a\u001b[31m\nb.png'));
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });

  it('reads no file that an SVG names', async () => {
    writeFileSync(join(folder, 'secret.png'), photoPng);
    const href = `file://${join(folder, 'secret.png')}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="${href}" width="4" height="4"/></svg>`;
    const image = await decodeImage(Buffer.from(svg));
    expect(image.data.every((value) => value === 255)).toBe(true);
  });

  /** Hours of noise. */
  const endless = `<svg xmlns="http://www.w3.org/2000/svg" width="12000" height="12000"><filter id="f">
    <feTurbulence baseFrequency="0.05" numOctaves="200"/><feMorphology radius="900"/></filter>
    <rect width="12000" height="12000" filter="url(#f)"/></svg>`;

  it('stops drawing an SVG that takes too long, or that is not wanted any more', async () => {
    const bytes = Buffer.from(endless);
    await expect(
      drawSvg(bytes, 'endless.svg', undefined, { durationMs: 1500, memoryBytes: 2 ** 32 }),
    ).rejects.toMatchObject({
      code: 'IMAGE_TOO_SLOW',
      message: 'endless.svg takes longer than 1.5 s to draw.',
    });
    const stopping = new AbortController();
    const drawing = decodeImage(bytes, { signal: stopping.signal });
    const reason = new Error('stopped');
    stopping.abort(reason);
    await expect(drawing).rejects.toBe(reason);
  });

  it('gives up an SVG that takes too long although memory is tidied up meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const tidying = setInterval(collectGarbage, 100);
    try {
      const limits = { durationMs: 1500, memoryBytes: 2 ** 32 };
      await expect(drawSvg(Buffer.from(endless), 'endless.svg', undefined, limits)).rejects.toMatchObject({
        code: 'IMAGE_TOO_SLOW',
      });
    } finally {
      clearInterval(tidying);
    }
  });

  it('gives up an SVG that takes too much memory', async () => {
    const limits = { durationMs: 60_000, memoryBytes: 300 * 2 ** 20 };
    const nested = `${'<g opacity=".9">'.repeat(9)}<rect width="6000" height="6000"/>${'</g>'.repeat(9)}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="6000" height="6000">${nested}</svg>`;
    await expect(drawSvg(Buffer.from(svg), 'greedy.svg', undefined, limits)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: 'greedy.svg needs more than 300 MiB of memory to be drawn.',
    });
  });

  it('refuses an SVG larger than the library can say', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1000000000" height="10"/>';
    expect((await failure(Buffer.from(svg))).code).toBe('IMAGE_TOO_LARGE');
  });

  it('knows what may be an SVG by its beginning', () => {
    const texts = ['<svg', '\ufeff <?xml', '\n\n<!DOCTYPE', '\u001f\u008b\u0008'];
    expect(texts.map((text) => isSvg(Buffer.from(text, text[0] === '\u001f' ? 'latin1' : 'utf8')))).toEqual(
      texts.map(() => true),
    );
    expect([photoJpeg, photoPng, new Uint8Array()].map(isSvg)).toEqual([false, false, false]);
  });

  it('writes nothing to the terminal', async () => {
    const write = vi.spyOn(process.stderr, 'write');
    await failure(photoJpeg.subarray(0, 2000));
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});

/** One row of gray 32-bit floats, uncompressed. */
function floatTiff(values: readonly number[]): Buffer {
  const entries = [
    [256, 4, values.length], // width
    [257, 4, 1], // height
    [258, 3, 32], // bits
    [259, 3, 1], // no compression
    [262, 3, 1], // black is zero
    [273, 4, 8], // where the row is
    [277, 3, 1], // channels
    [278, 4, 1], // rows in a strip
    [279, 4, values.length * 4], // bytes in a strip
    [339, 3, 3], // floats
  ];
  const start = 8 + values.length * 4;
  const bytes = Buffer.alloc(start + 2 + entries.length * 12 + 4);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(start, 4);
  values.forEach((value, i) => bytes.writeFloatLE(value, 8 + i * 4));
  bytes.writeUInt16LE(entries.length, start);
  entries.forEach(([tag, type, value], i) => {
    const at = start + 2 + i * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  return bytes;
}
