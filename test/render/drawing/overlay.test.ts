import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BinaryMask, Detection } from '../../../src/base/detection.js';
import { UsageError } from '../../../src/base/errors.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import {
  checkOverlayPath,
  drawDetections,
  redactDetections,
  writeOverlay,
} from '../../../src/render/drawing/overlay.js';

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

function resultOf(detections: readonly Detection[]): TaskResult {
  return { input: 'a.png', task: 'segment', prompt: 'segment dog ; cat', detections };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-overlay-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('redactDetections', () => {
  it('hides what was found in a copy, and draws nothing', () => {
    const striped = { ...image, data: image.data.map((_, i) => (i % 2) * 255) };
    const before = striped.data.slice();
    const { data } = redactDetections(striped, [detection('person')], 'box');
    expect(striped.data).toEqual(before);
    const changed = Array.from({ length: 320 * 200 }, (_, i) => i).filter(
      (i) => data[i * 3] !== before[i * 3] || data[i * 3 + 1] !== before[i * 3 + 1],
    );
    // The box is 40..200.5 x 60..180: 161 x 120 pixels.
    expect(changed).toHaveLength(161 * 120);
    expect(changed.every((i) => data[i * 3] === 0 && data[i * 3 + 1] === 0)).toBe(true);
  });
});

describe('writeOverlay', () => {
  it.each(['png', 'jpg', 'webp'])('writes the drawing as .%s', async (extension) => {
    const path = join(folder, `out.${extension}`);
    const detections = [detection('dog'), detection('cat')];
    await writeOverlay(image, resultOf(detections), path);
    const back = await decodeImage(path);
    const drawn = await drawDetections(image, detections);
    const sum = back.data.reduce((total, value, i) => total + Math.abs(value - drawn.data[i]), 0);
    expect(sum / back.data.length).toBeLessThan(extension === 'png' ? 1e-9 : 4);
    expect(readdirSync(folder)).toEqual([`out.${extension}`]);
  });

  it('writes the picture alone when there is nothing to draw', async () => {
    await writeOverlay(image, resultOf([]), join(folder, 'out.png'));
    expect((await decodeImage(join(folder, 'out.png'))).data).toEqual(image.data);
  });

  it('writes an SVG that shows what the PNG shows', async () => {
    const mask = { width: 320, height: 200, data: new Uint8Array(320 * 200) };
    for (let y = 80; y < 160; y++) mask.data.fill(1, y * 320 + 60, y * 320 + 180);
    const detections = [detection('dog', mask)];
    await writeOverlay(image, resultOf(detections), join(folder, 'out.svg'));
    const vector = await decodeImage(join(folder, 'out.svg'));
    const raster = await drawDetections(image, detections);
    expect([vector.width, vector.height]).toEqual([320, 200]);
    const sum = vector.data.reduce((total, value, i) => total + Math.abs(value - raster.data[i]), 0);
    expect(sum / vector.data.length).toBeLessThan(4);
    const plain = image.data.reduce((total, value, i) => total + Math.abs(value - raster.data[i]), 0);
    expect(plain / vector.data.length).toBeGreaterThan(4);
  });

  it.each(['png', 'svg'])('writes an answer in words below the picture: .%s', async (extension) => {
    const path = join(folder, `out.${extension}`);
    const text = 'a dog on a lawn beside two cats that look at each other and at a very large bird';
    const base = { input: 'a.png', text } as const;
    await writeOverlay(image, { ...base, task: 'caption', prompt: 'caption en' }, path);
    const caption = await decodeImage(path);
    expect(caption.width).toBe(320);
    expect(caption.height).toBeGreaterThan(230);
    const top = caption.data.subarray(0, image.data.length);
    expect(top.every((value) => Math.abs(value - 120) < 4)).toBe(true);
    expect(Math.max(...caption.data.subarray(image.data.length))).toBeGreaterThan(200);
    await writeOverlay(image, { ...base, task: 'answer', prompt: 'answer en what is it?' }, path);
    expect((await decodeImage(path)).height).toBeGreaterThan(caption.height);
    if (extension === 'svg') expect(readFileSync(path, 'utf8')).toContain('>what is it?</text>');
  });

  it('writes names and scores at boxes as it was asked to', async () => {
    const found = resultOf([detection('dog'), { ...detection('cat'), score: 0.999 }]);
    const texts = async (labels?: 'name' | 'score' | 'none'): Promise<string[]> => {
      await writeOverlay(image, found, join(folder, 'out.svg'), { labels });
      const svg = readFileSync(join(folder, 'out.svg'), 'utf8');
      return Array.from(svg.matchAll(/>([^<>]+)<\/text>/g), ([, text]) => text);
    };
    expect(await texts()).toEqual(['dog 0.90', 'cat']);
    expect(await texts('name')).toEqual(['dog', 'cat']);
    expect(await texts('score')).toEqual(['dog 0.90', 'cat 1.00']);
    expect(await texts('none')).toEqual([]);
  });

  it('keeps a hostile label from being markup', async () => {
    const label = '</text><script>alert(1)</script>"\' & \u0000\ud800';
    await writeOverlay(image, resultOf([detection(label)]), join(folder, 'out.svg'));
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
