import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { createYoloWriter } from '../../../src/render/formats/yolo.js';
import { detectionOf, fillPolygons, isInRingOrDisc, maskIou, maskWhere } from '../../support/masks.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-yolo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const found: TaskResult = {
  ...detectResult,
  image: { width: 200, height: 100 },
  detections: [
    detectionOf('dog', { x0: 0, y0: 25, x1: 50, y1: 100 }),
    detectionOf('cat', { x0: 10, y0: 10, x1: 210, y1: 20 }),
  ],
};

describe('yolo format', () => {
  it('writes centre and size as shares, and the labels', async () => {
    const writer = await createYoloWriter(folder);
    expect(await writer.write(found)).toBe(join(folder, 'street.txt'));
    expect(read('street.txt')).toBe(
      '0 0.125000 0.625000 0.250000 0.750000\n' +
        // Beyond the picture's edge: cut there.
        '1 0.525000 0.150000 0.950000 0.100000\n',
    );
    expect(read('classes.txt')).toBe('dog\ncat\n');
  });

  it('writes polygons as soon as there is a mask, holes and pieces in one line', async () => {
    const mask = maskWhere(180, 100, isInRingOrDisc);
    const image = { width: 180, height: 100 };
    const box = { x0: 18, y0: 10, x1: 162, y1: 90 };
    const writer = await createYoloWriter(folder);
    await writer.write({
      ...found,
      image,
      detections: [detectionOf('ring', box, mask), detectionOf('b', box)],
    });
    const [ring, withoutMask, end] = read('street.txt').split('\n');
    expect(withoutMask).toBe('1 0.100000 0.100000 0.900000 0.100000 0.900000 0.900000 0.100000 0.900000');
    expect(end).toBe('');
    const [label, ...shares] = ring.split(' ').map(Number);
    const points = Array.from(
      { length: shares.length / 2 },
      (_, i) => [shares[2 * i] * 180, shares[2 * i + 1] * 100] as const,
    );
    expect(label).toBe(0);
    expect(maskIou(fillPolygons([points], 180, 100), mask)).toBeGreaterThan(0.96);
  });

  it('writes an empty file when nothing was found, and none for what has no objects to tell of', async () => {
    const writer = await createYoloWriter(folder);
    await writer.write({ ...found, detections: [] });
    expect(await writer.write(errorResult)).toBeUndefined();
    expect(await writer.write(captionResult)).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(['classes.txt', 'street.txt']);
    expect(read('street.txt')).toBe('');
  });

  it('keeps pictures of one name apart, whatever they are called', async () => {
    const writer = await createYoloWriter(folder);
    const inputs = ['a/x.jpg', 'b/x.jpg', 'c/X.png', 'classes.jpg', '../../..', 'a\u001b[2J\nb.png'];
    const paths: string[] = [];
    for (const input of inputs) paths.push((await writer.write({ ...found, input }))!);
    const names = ['x', 'x-2', 'X-3', 'classes-2', 'picture', 'a_b'].map((name) => `${name}.txt`);
    expect(paths.map((path) => basename(path))).toEqual(names);
    expect(readdirSync(folder).sort()).toEqual([...names, 'classes.txt'].sort());
  });

  it.skipIf(process.platform === 'win32')(
    'calls labels what the picture is called, colons and all',
    async () => {
      const writer = await createYoloWriter(folder);
      const name = 'Screenshot 2024-05-01 12:00:07? "final".';
      await writer.write({ ...found, input: `${name}.png` });
      expect(readdirSync(folder)).toContain(`${name}.txt`);
    },
  );

  it('puts labels into the folders below that the pictures are in', async () => {
    const writer = await createYoloWriter(folder, [], ['images']);
    const write = async (input: string): Promise<string> =>
      relative(folder, (await writer.write({ ...found, input }))!);
    expect(await write('images/x.jpg')).toBe('x.txt');
    expect(await write('images/train/x.jpg')).toBe(join('train', 'x.txt'));
    expect(await write('./images/train/deep/x.jpg')).toBe(join('train', 'deep', 'x.txt'));
    expect(await write('images/val/x.jpg')).toBe(join('val', 'x.txt'));
    expect(await write('images/val/x.png')).toBe(join('val', 'x-2.txt'));
    expect(await write('elsewhere/x.jpg')).toBe('x-2.txt');
    expect(await write('https://example.org/images/x.jpg')).toBe('x-3.txt');
  });

  it('keeps the class numbers of an earlier run in the folder, and of the things asked for', async () => {
    writeFileSync(join(folder, 'classes.txt'), 'horse\ncat\n');
    const writer = await createYoloWriter(folder, ['dog', 'bird']);
    await writer.write(found);
    expect(read('classes.txt')).toBe('horse\ncat\ndog\nbird\n');
    expect(read('street.txt').replace(/ .*/g, '')).toBe('2\n1\n');
  });

  it('says when the folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(createYoloWriter(join(folder, 'file'))).rejects.toThrow(UsageError);
  });
});
