import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/base/errors.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import type { FilesPlace, FilesWriter } from '../../../src/render/formats/files-writer.js';
import { createYoloWriter } from '../../../src/render/formats/yolo.js';
import { detectionOf, fillPolygons, isInRingOrDisc, maskIou, maskWhere } from '../../support/masks.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pali-yolo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (place: Partial<FilesPlace>): Promise<FilesWriter> =>
  createYoloWriter({ folder, things: [], inputFolders: [], ...place });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const toLabel = (picture: string): string => picture.replace('.jpg', '.txt');
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
    const writer = await open({});
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
    const writer = await open({});
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
    const writer = await open({});
    await writer.write({ ...found, detections: [] });
    expect(await writer.write(errorResult)).toBeUndefined();
    expect(await writer.write(captionResult)).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(['classes.txt', 'data.yaml', 'street.txt']);
    expect(read('street.txt')).toBe('');
  });

  it('gives no picture the labels of another', async () => {
    const writer = await open({});
    await writer.write({ ...found, input: 'a/001.jpg' });
    const shared = { code: 'LABELS_SHARED', message: expect.stringContaining('a/001.jpg') as string };
    await expect(writer.write({ ...found, input: 'a/001.png' })).rejects.toMatchObject(shared);
    await expect(writer.write({ ...found, input: 'b/001.jpg' })).rejects.toMatchObject(shared);
    await expect(writer.write({ ...found, input: 'classes.jpg' })).rejects.toThrow('names of the classes');
    // The same picture once more is no other one.
    await writer.write({ ...found, input: 'a/001.jpg' });
    expect(readdirSync(folder).sort()).toEqual(['001.txt', 'classes.txt', 'data.yaml']);
  });

  it('keeps labels in the folder, whatever pictures are called', async () => {
    const writer = await open({});
    const paths: string[] = [];
    for (const input of ['../../..', 'a\u001b[2J\nb.png'])
      paths.push((await writer.write({ ...found, input }))!);
    expect(paths.map((path) => basename(path))).toEqual(['picture.txt', 'a_b.txt']);
  });

  it('describes the set for trainers, and keeps what else is said there', async () => {
    writeFileSync(join(folder, 'data.yaml'), '# mine\ntest: ../images/test\nnames: [old]\n');
    const images = join(folder, '..', 'images');
    const writer = await open({ things: ['dog', 'cat'], inputFolders: [images] });
    await writer.write({ ...found, input: join(images, 'street.jpg') });
    expect(read('data.yaml')).toBe(
      '# mine\ntest: ../images/test\nnames:\n  0: dog\n  1: cat\ntrain: ../images\nval: ../images\n',
    );
    expect(writer.describeNeeds?.()).toHaveLength(1);
  });

  it('makes a whole set with copies of the pictures, each on the side that its name says', async () => {
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    const names = Array.from({ length: 40 }, (_, index) => `${index}.jpg`);
    const write = async (set: string, order: readonly string[]): Promise<string[]> => {
      const writer = await open({ folder: join(folder, set), inputFolders: [photos], split: 0.75 });
      for (const name of order) await writer.write({ ...found, input: join(photos, name) });
      expect(writer.describeNeeds?.()).toEqual([]);
      return readdirSync(join(folder, set, 'labels', 'train')).sort();
    };
    for (const name of names) writeFileSync(join(photos, name), name);
    const train = await write('a', names);
    expect(train.length).toBeGreaterThan(20);
    expect(train.length).toBeLessThan(38);
    expect(await write('b', [...names].reverse().slice(3))).toEqual(
      train.filter((name) => !['37.txt', '38.txt', '39.txt'].includes(name)),
    );
    expect(
      readdirSync(join(folder, 'a', 'images', 'train'))
        .map(toLabel)
        .sort(),
    ).toEqual(train);
    expect(
      readdirSync(join(folder, 'a', 'images', 'val'))
        .map(toLabel)
        .sort(),
    ).toEqual(readdirSync(join(folder, 'a', 'labels', 'val')).sort());
    expect(read('a/data.yaml')).toBe('train: images/train\nval: images/val\nnames:\n  0: dog\n  1: cat\n');
  });

  it.skipIf(process.platform === 'win32')(
    'calls labels what the picture is called, colons and all',
    async () => {
      const writer = await open({});
      const name = 'Screenshot 2024-05-01 12:00:07? "final".';
      await writer.write({ ...found, input: `${name}.png` });
      expect(readdirSync(folder)).toContain(`${name}.txt`);
    },
  );

  it('puts labels into the folders below that the pictures are in', async () => {
    const writer = await open({ inputFolders: ['images'] });
    const write = async (input: string): Promise<string> =>
      relative(folder, (await writer.write({ ...found, input }))!);
    expect(await write('images/x.jpg')).toBe('x.txt');
    expect(await write('images/train/x.jpg')).toBe(join('train', 'x.txt'));
    expect(await write('./images/train/deep/x.jpg')).toBe(join('train', 'deep', 'x.txt'));
    expect(await write('images/val/x.jpg')).toBe(join('val', 'x.txt'));
    expect(await write('https://example.org/images/y.jpg')).toBe('y.txt');
  });

  it('keeps the class numbers of an earlier run in the folder, and of the things asked for', async () => {
    writeFileSync(join(folder, 'classes.txt'), 'horse\ncat\n');
    const writer = await open({ things: ['dog', 'bird'] });
    await writer.write(found);
    expect(read('classes.txt')).toBe('horse\ncat\ndog\nbird\n');
    expect(read('street.txt').replace(/ .*/g, '')).toBe('2\n1\n');
  });

  it('says when the folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(open({ folder: join(folder, 'file') })).rejects.toThrow(UsageError);
  });
});
