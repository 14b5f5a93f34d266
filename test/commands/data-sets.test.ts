import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    expect(stderr).toContain('would share one file of labels');
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

  it('keep files that were edited, and ask nothing about those that are there', async () => {
    const label = join(folder, 'edited', 'farm.txt');
    const again = (...args: string[]): ReturnType<typeof run> =>
      run('caption', 'photos', '-o', 'edited/', ...args);
    await again();
    const first = readFileSync(label, 'utf8');
    expect((await again()).stderr).not.toContain('kept');
    writeFileSync(label, 'mine');
    expect((await again()).stderr).toContain('farm.txt already existed with other content and was kept');
    const skipped = await again('--skip-existing');
    expect(skipped.stderr).toContain('2 pictures have their files already');
    expect(readFileSync(label, 'utf8')).toBe('mine');
    await again('--overwrite');
    expect(readFileSync(label, 'utf8')).toBe(first);
    const labels = ['detect', 'cow', 'photos', '-q', '--format', 'yolo', '-o', 'kept'];
    await run(...labels);
    writeFileSync(join(folder, 'kept', 'farm.txt'), '');
    await run(...labels);
    expect(read('kept/farm.txt')).toBe('');
  });

  it('keep overlays, masks, cutouts and frames that were edited', async () => {
    const asked = ['segment', 'cow', 'photos', '--overlay', 'o/', '--masks', 'm/', '--cutout', 'c/'];
    const frames = [
      'detect',
      'car',
      'crossing.mp4',
      '--frames',
      '1',
      '--format',
      'coco',
      '--frames-to',
      'f/',
    ];
    for (const [args, folders] of [
      [asked, ['o', 'm', 'c']],
      [frames, ['f']],
    ] as const) {
      await run(...args);
      const files = folders.map((name) => join(folder, name, readdirSync(join(folder, name)).sort()[0]));
      const before = files.map((file) => readFileSync(file));
      expect((await run(...args)).stderr).not.toContain('kept');
      for (const file of files) writeFileSync(file, 'mine');
      expect((await run(...args)).stderr).toMatch(
        /already existed with other content and (was|were) kept; --overwrite/,
      );
      for (const file of files) expect(readFileSync(file, 'utf8')).toBe('mine');
      await run(...args, '--overwrite');
      expect(files.map((file) => readFileSync(file))).toEqual(before);
    }
    expect((await run(...asked, '--skip-existing')).stderr).toContain('2 pictures have their files already');
  });

  it('come from results that exist, without a model', async () => {
    const asked = ['detect', 'cow ; car', 'photos', '-q', '--format'];
    writeFileSync(join(folder, 'results.jsonl'), (await run(...asked, 'jsonl')).stdout);
    for (const format of ['csv', 'text']) {
      const { stdout, stderr } = await run(
        'convert',
        'results.jsonl',
        '-q',
        '--from',
        'photos',
        '--format',
        format,
      );
      expect(stderr).toBe('');
      expect(stdout).toBe((await run(...asked, format)).stdout);
    }
    const drawn = await run(
      ...[
        'convert',
        'results.jsonl',
        '-q',
        '--overlay',
        'drawn/',
        '--contact-sheet',
        'all.png',
        '-o',
        'all.txt',
      ],
    );
    expect(drawn).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect(readdirSync(join(folder, 'drawn'))).toEqual(['farm.png', 'street.png']);
    await run(...asked, 'text', '--overlay', 'drawn-at-once/');
    for (const name of ['farm.png', 'street.png']) {
      const at = (place: string): Buffer => readFileSync(join(folder, place, name));
      expect(at('drawn').equals(at('drawn-at-once'))).toBe(true);
    }
    writeFileSync(join(folder, 'other.jsonl'), '{"a":1}\n');
    const other = await run('convert', 'other.jsonl');
    expect(other.stderr).toContain('other.jsonl, line 1, is not a result of pali');
    expect(other.exitCode).toBe(3);
  });

  it('come with frames of videos that are read again', async () => {
    copyFileSync('fixtures/video/crossing.mp4', join(folder, 'again.mp4'));
    const drawn = [
      '--format',
      'coco',
      '--overlay',
      'now/',
      '--frames-to',
      'now-frames/',
      '--resume',
      'a.jsonl',
    ];
    const first = await run('detect', 'car ; tree', 'again.mp4', '-q', '--frames', '3', ...drawn);
    const again = ['--format', 'coco', '--overlay', 'later/', '--frames-to', 'later-frames/'];
    const second = await run('convert', 'a.jsonl', '-q', ...again);
    expect({ stderr: second.stderr, exitCode: second.exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(second.stdout).toBe(first.stdout);
    for (const [now, later] of [
      ['now', 'later'],
      ['now-frames', 'later-frames'],
    ]) {
      const names = readdirSync(join(folder, now));
      expect(names).toHaveLength(3);
      for (const name of names) {
        expect(readFileSync(join(folder, later, name)).equals(readFileSync(join(folder, now, name)))).toBe(
          true,
        );
      }
    }
    rmSync(join(folder, 'again.mp4'));
    const gone = await run('convert', 'a.jsonl', '-q', ...again);
    expect(gone.stderr.match(/There is no file/g)).toHaveLength(1);
    expect(gone.exitCode).toBe(3);
  });

  it('have subtitles, copies and sheets of several videos in folders', async () => {
    const clip = 'fixtures/video/title.mp4';
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, 'clips', name), { recursive: true });
      copyFileSync(clip, join(folder, 'clips', name, 'clip.mp4'));
    }
    const clips = ['clips/one/clip.mp4', 'clips/two/clip.mp4', '--frames', '2'];
    const places = ['-o', 'subs/', '--annotate', 'copies/', '--contact-sheet', 'sheets/'];
    const args = ['caption', ...clips, '--format', 'vtt', ...places];
    const { stdout, exitCode } = await run(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 0 });
    expect(readdirSync(join(folder, 'subs'))).toEqual(['clip-2.vtt', 'clip.vtt']);
    expect(read('subs/clip-2.vtt')).toBe(read('subs/clip.vtt'));
    expect(readdirSync(join(folder, 'copies'))).toEqual(['clip-2.mp4', 'clip.mp4']);
    expect(readdirSync(join(folder, 'sheets'))).toEqual(['clip-2.png', 'clip.png']);
    writeFileSync(join(folder, 'copies', 'clip.mp4'), 'mine');
    const again = await run(...args);
    expect(again.stderr).toContain('copies/clip.mp4 was there and kept; --overwrite replaces it');
    expect(read('copies/clip.mp4')).toBe('mine');
    const one = await run('caption', ...clips, '--annotate', 'all.mp4');
    expect(one.stderr).toContain('--annotate annotated/');
    expect(one.exitCode).toBe(2);
  });

  it('count pictures of a folder that cannot be read', async () => {
    mkdirSync(join(folder, 'mixed', 'below'), { recursive: true });
    copyFileSync('fixtures/gallery/farm.png', join(folder, 'mixed', 'farm.png'));
    for (const name of ['a.heic', 'b.HEIC', 'c.psd', 'notes.txt', 'below/d.bmp']) {
      writeFileSync(join(folder, 'mixed', name), '');
    }
    const flat = await run('caption', 'mixed');
    expect(flat.stderr).toContain('left out of the folder mixed, as pali cannot read them: 2 .heic, 1 .psd.');
    expect(flat.exitCode).toBe(0);
    const deep = await run('caption', '-r', 'mixed');
    expect(deep.stderr).toContain('1 .bmp');
    expect((await run('caption', '-q', 'mixed')).stderr).toBe('');
  });

  it('have captions with an ending of their own, and words before and after', async () => {
    const plain = await run('caption', 'photos/farm.png', '-q');
    const { stderr, exitCode } = await run(
      ...[
        'caption',
        'photos',
        '-q',
        '-o',
        'side/',
        '--extension',
        'caption',
        '--prefix',
        'mine, ',
        '--suffix',
        ', end',
      ],
    );
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(readdirSync(join(folder, 'side'))).toEqual(['farm.caption', 'street.caption']);
    expect(read('side/farm.caption')).toBe(`mine, ${plain.stdout.trimEnd()}, end\n`);
    const wrong = await run('caption', 'photos', '-o', 'side/', '--extension', '../x');
    expect(wrong.exitCode).toBe(2);
  });

  it('have hints for lists that are none', async () => {
    const comma = await run('detect', 'cow,tractor', 'photos/farm.png');
    expect(comma.stderr).toContain('semicolons separate several: "cow ; tractor"');
    const blank = await run('detect', 'cow', 'tractor', 'photos/farm.png');
    expect(blank.stderr).toContain('pali detect "cow ; tractor" photos/farm.png');
    expect(blank.exitCode).toBe(2);
  });
});
