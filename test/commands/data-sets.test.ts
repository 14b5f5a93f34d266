import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const photos = join(folder, 'photos');
mkdirSync(photos);
for (const name of ['farm.png', 'street.png']) copyFileSync(`fixtures/gallery/${name}`, join(photos, name));
const run = async (...args: string[]): Promise<Awaited<ReturnType<typeof runPali>>> =>
  runPali(args, { PALI_HOME: join(folder, 'home') }, folder);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('data sets', () => {
  it('train as they are: pictures, labels and their description', async () => {
    const { stderr, exitCode } = await run(
      ...['detect', 'cow ; car', 'photos', '--format', 'yolo', '--split', '0.5', '-o', 'set'],
    );
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('trainers');
    const files = (kind: string): string[] =>
      ['train', 'val'].flatMap((side) => readdirSync(join(folder, 'set', kind, side))).sort();
    expect(files('images')).toEqual(['farm.png', 'street.png']);
    expect(files('labels')).toEqual(['farm.txt', 'street.txt']);
    expect(read('set/data.yaml')).toBe('train: images/train\nval: images/val\nnames:\n  0: cow\n  1: car\n');
  });

  it('refuse two pictures that would share their labels', async () => {
    mkdirSync(join(folder, 'twins'));
    for (const name of ['1.png', '1.jpg'])
      copyFileSync('fixtures/gallery/farm.png', join(folder, 'twins', name));
    const { stderr, exitCode } = await run('detect', 'cow', 'twins', '--format', 'yolo', '-o', 'labels');
    expect(stderr).toContain('would share the file of labels 1.txt');
    expect(exitCode).toBe(2);
    const list = join(folder, 'list.txt');
    copyFileSync('fixtures/gallery/farm.png', join(folder, 'other.png'));
    const names = ['twins/1.jpg', 'twins/1.png', 'other.png'].join('\n');
    writeFileSync(list, names);
    const listed = await run('detect', 'cow', '--files-from', list, '--format', 'yolo', '-o', 'labels', '-q');
    expect(listed.stderr).toContain('twins/1.png has no labels');
    expect(listed.exitCode).toBe(3);
    expect(readdirSync(join(folder, 'labels')).sort()).toEqual([
      '1.txt',
      'classes.txt',
      'data.yaml',
      'other.txt',
    ]);
  });

  it('name pictures from the folder that was given, and frames by their files', async () => {
    copyFileSync('fixtures/video/crossing.mp4', join(folder, 'crossing.mp4'));
    const names = (text: string): string[] =>
      [...text.matchAll(/"file_name":"([^"]*)"/g)].map(([, name]) => name);
    const pictures = await run('detect', 'cow', 'photos', '-q', '--format', 'coco');
    expect(names(pictures.stdout)).toEqual(['farm.png', 'street.png']);
    const video = await run(
      ...[
        'detect',
        'car',
        'crossing.mp4',
        '-q',
        '--frames',
        '2',
        '--format',
        'coco',
        '--frames-to',
        'frames',
      ],
    );
    expect(readdirSync(join(folder, 'frames')).sort()).toEqual(names(video.stdout));
    expect(names(video.stdout)).toHaveLength(2);
  });

  it('have hints for lists that are none', async () => {
    const comma = await run('detect', 'cow,tractor', 'photos/farm.png');
    expect(comma.stderr).toContain('semicolons separate several: "cow ; tractor"');
    const blank = await run('detect', 'cow', 'tractor', 'photos/farm.png');
    expect(blank.stderr).toContain('pali detect "cow ; tractor" photos/farm.png');
    expect(blank.exitCode).toBe(2);
  });
});
