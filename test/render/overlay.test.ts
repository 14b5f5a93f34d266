import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BinaryMask, Detection } from '../../src/base/detection.js';
import { UsageError } from '../../src/base/errors.js';
import { decodeImage } from '../../src/image/decode-image.js';
import { assignLabelColors } from '../../src/render/label-colors.js';
import { writeMasks } from '../../src/render/mask-files.js';
import { checkOverlayPath, drawDetections, writeOverlay } from '../../src/render/overlay.js';
import { traceMask } from '../../src/render/trace-mask.js';

const image = { width: 320, height: 200, data: new Uint8Array(320 * 200 * 3).fill(120) };

function detection(label: string, mask?: BinaryMask): Detection {
  return {
    label,
    score: 0.9,
    boxScore: 0.8,
    box: { x0: 40, y0: 60, x1: 200.5, y1: 180 },
    bins: [307, 128, 921, 641],
    ...(mask === undefined ? {} : { mask }),
  };
}

function maskOf(width: number, rows: readonly string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), (char) => (char === '#' ? 1 : 0));
  return { width, height: rows.length, data };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-overlay-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('writeOverlay', () => {
  it.each(['png', 'jpg', 'webp'])('writes the drawing as .%s', async (extension) => {
    const path = join(folder, `out.${extension}`);
    const detections = [detection('dog'), detection('cat')];
    await writeOverlay(image, detections, path);
    const back = await decodeImage(path);
    const drawn = await drawDetections(image, detections);
    const sum = back.data.reduce((total, value, i) => total + Math.abs(value - drawn.data[i]), 0);
    expect(sum / back.data.length).toBeLessThan(extension === 'png' ? 1e-9 : 4);
    expect(readdirSync(folder)).toEqual([`out.${extension}`]);
  });

  it('writes the picture alone when there is nothing to draw', async () => {
    await writeOverlay(image, [], join(folder, 'out.png'));
    expect((await decodeImage(join(folder, 'out.png'))).data).toEqual(image.data);
  });

  it('writes an SVG that shows what the PNG shows', async () => {
    const mask = { width: 320, height: 200, data: new Uint8Array(320 * 200) };
    for (let y = 80; y < 160; y++) mask.data.fill(1, y * 320 + 60, y * 320 + 180);
    const detections = [detection('dog', mask)];
    await writeOverlay(image, detections, join(folder, 'out.svg'));
    const vector = await decodeImage(join(folder, 'out.svg'));
    const raster = await drawDetections(image, detections);
    expect([vector.width, vector.height]).toEqual([320, 200]);
    const sum = vector.data.reduce((total, value, i) => total + Math.abs(value - raster.data[i]), 0);
    expect(sum / vector.data.length).toBeLessThan(4);
    const plain = image.data.reduce((total, value, i) => total + Math.abs(value - raster.data[i]), 0);
    expect(plain / vector.data.length).toBeGreaterThan(6);
  });

  it('keeps a hostile label from being markup', async () => {
    const label = '</text><script>alert(1)</script>"\' & \u0000\ud800';
    await writeOverlay(image, [detection(label)], join(folder, 'out.svg'));
    const svg = readFileSync(join(folder, 'out.svg'), 'utf8');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;/text&gt;&lt;s');
    expect((await decodeImage(join(folder, 'out.svg'))).width).toBe(320);
  });

  it('refuses a name without a picture extension before anything is drawn', () => {
    for (const name of ['out.PNG', 'a.b.svg', 'x.jpeg']) checkOverlayPath(name);
    for (const name of ['out', 'out.gif', 'out.pdf'])
      expect(() => checkOverlayPath(name)).toThrow(UsageError);
  });
});

describe('traceMask', () => {
  it.each([
    ['nothing', maskOf(2, ['..', '..']), ''],
    ['a rectangle', maskOf(4, ['....', '.##.', '.##.']), 'M1 1L3 1L3 3L1 3Z'],
    ['an L', maskOf(2, ['#.', '##']), 'M0 0L1 0L1 1L2 1L2 2L0 2Z'],
  ])('outlines %s', (_, mask, path) => {
    expect(traceMask(mask)).toBe(path);
  });

  it.each([
    ['a ring', maskOf(5, ['#####', '#...#', '#.#.#', '#...#', '#####'])],
    ['a chessboard', maskOf(4, ['#.#.', '.#.#', '#.#.', '.#.#'])],
    ['two pieces that touch at a corner', maskOf(4, ['##..', '##..', '..##', '..##'])],
  ])('fills %s again, pixel by pixel', async (_, mask) => {
    const { width, height } = mask;
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">` +
      `<path d="${traceMask(mask)}" fill-rule="evenodd"/></svg>`;
    const back = await decodeImage(Buffer.from(svg));
    const filled = Array.from({ length: width * height }, (_, i) => (back.data[i * 3] < 128 ? 1 : 0));
    expect(filled).toEqual(Array.from(mask.data));
  });
});

describe('assignLabelColors', () => {
  it('gives equal labels one colour and twelve labels twelve', () => {
    const labels = Array.from({ length: 12 }, (_, i) => `thing ${i}`);
    const colors = assignLabelColors([...labels, ...labels]);
    expect(colors.size).toBe(12);
    expect(new Set(Array.from(colors.values(), ({ color }) => color.join())).size).toBe(12);
    expect(assignLabelColors([...labels, 'thirteenth']).get('thirteenth')).toEqual(colors.get('thing 0'));
  });

  it('writes on each colour with a contrast of 4.5 or more', () => {
    const lightness = (color: readonly number[]): number => {
      const [red, green, blue] = color.map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (const { color, textColor } of assignLabelColors('abcdefghijkl').values()) {
      const [dark, light] = [lightness(color), lightness(textColor)].sort((a, b) => a - b);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('writeMasks', () => {
  const mask = maskOf(3, ['.#.', '###']);

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
    const paths = await writeMasks([detection(label, mask)], folder, '../up');
    expect(paths).toEqual([join(folder, `up-1-${slug}.png`)]);
    expect(readdirSync(folder)).toEqual([`up-1-${slug}.png`]);
  });

  it('says when the folder is a file', async () => {
    await writeOverlay(image, [], join(folder, 'file.png'));
    const work = writeMasks([detection('dog', mask)], join(folder, 'file.png'), 'x');
    await expect(work).rejects.toThrow(UsageError);
  });
});
