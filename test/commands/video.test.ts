import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../fixtures/index.js';
import { boxIou, type Box } from '../../src/base/geometry.js';
import { probeVideo } from '../../src/video/probe/probe-video.js';
import { measureTracks, type TrackedFrame } from '../support/track-metrics.js';
import { runPali } from '../support/run-pali.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const home = { PALI_HOME: join(folder, 'home') };
const crossing = fixturePath('video', 'crossing.mp4');
const shots = fixturePath('video', 'three_shots.mp4');
const title = fixturePath('video', 'title.mp4');

interface FrameResult {
  readonly detections: { label: string; box: Box }[];
  readonly frame: { index: number; timeSeconds: number; trackIds?: number[] };
}

interface TruthLine {
  readonly objects: { id: number; label: string; box_yxyx: [number, number, number, number] }[];
}

function truthOf(name: string, index: number): { id: number; label: string; box: Box }[] {
  const lines = readFileSync(fixturePath('video', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return (JSON.parse(lines[index]) as TruthLine).objects.map(({ id, label, box_yxyx: [y0, x0, y1, x1] }) => ({
    id,
    label,
    box: { x0: x0 * 320, y0: y0 * 180, x1: x1 * 320, y1: y1 * 180 },
  }));
}

describe('videos with the demo model', () => {
  it('are known by their content, and answered frame by frame', async () => {
    const unnamed = join(folder, 'film.png');
    copyFileSync(shots, unnamed);
    const { stdout, exitCode } = await runPali(['caption', unnamed, '-q'], home);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        '00:00:00.000\ta boat and a crab on a beach\n',
        '00:00:03.000\ta bus and a person on a street\n',
        '00:00:06.000\ta moon and a whale on the sea at night\n',
      ].join(''),
    );
  });

  it('give boxes near the truth, and ids that stay', async () => {
    const things = 'dog ; tractor ; butterfly';
    const { stdout } = await runPali(
      ['detect', things, crossing, '--fps', '5', '--track', '--format', 'jsonl'],
      home,
    );
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as FrameResult);
    expect(results).toHaveLength(40);
    const frames = results.map(({ detections, frame }): TrackedFrame => ({
      truth: truthOf('crossing', frame.index).filter(({ label }) => label !== 'tree'),
      found: detections.map(({ box }, i) => ({ id: frame.trackIds?.[i] ?? 0, box })),
    }));
    const { mota, idf1, switches } = measureTracks(frames);
    expect(switches).toBe(0);
    expect(mota).toBeGreaterThan(0.9);
    expect(idf1).toBeGreaterThan(0.95);
    const [dog] = results[0].detections.filter(({ label }) => label === 'dog');
    const [trueDog] = truthOf('crossing', 0).filter(({ label }) => label === 'dog');
    expect(boxIou(dog.box, trueDog.box)).toBeGreaterThan(0.8);
  });

  it('become subtitles, and say what did not change', async () => {
    const { stdout, stderr } = await runPali(
      ['ocr', title, '--every', '500ms', '--skip-similar', '--format', 'vtt'],
      home,
    );
    expect(stdout).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:03\.500\nGOOD MORNING\n/);
    expect(stdout).toContain('OPEN');
    expect(stderr).not.toContain('error');
  });

  it('stand beside pictures, with errors of their own', async () => {
    const broken = join(folder, 'broken.mp4');
    copyFileSync(fixturePath('video', 'crossing.mp4'), broken);
    truncateSync(broken, 20_000);
    const picture = fixturePath('gallery', 'beach.png');
    const { stdout, stderr, exitCode } = await runPali(
      ['caption', picture, broken, shots, '--frames', '1', '-q'],
      home,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('is incomplete');
    expect(stdout.split('\n').filter(Boolean)).toEqual([
      expect.stringMatching(/beach\.png\t[a-z]/),
      expect.stringMatching(/three_shots\.mp4\t00:00:04\.500\ta bus/),
    ]);
  });

  it.each(['cut', 'emptied'])('leave no empty folder where files were to go: %s', async (kind) => {
    const place = join(folder, kind);
    mkdirSync(place);
    const bytes = readFileSync(fixturePath('video', 'crossing.mp4'));
    const frames = bytes.indexOf('mdat');
    bytes.fill(0, frames + 4, frames - 4 + bytes.readUInt32BE(frames - 4));
    writeFileSync(join(place, 'broken.mp4'), kind === 'cut' ? bytes.subarray(0, 20_000) : bytes);
    const outputs = ['--annotate', '--contact-sheet', '--overlay', '--cutout', '--frames-to', '--output'];
    const folders = outputs.flatMap((option) => [option, join(place, option, 'below/')]);
    const { stderr, exitCode } = await runPali(
      ['detect', 'dog', '-q', join(place, 'broken.mp4'), '--format', 'voc', ...folders],
      home,
    );
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('broken.mp4')]);
    expect(readdirSync(place)).toEqual(['broken.mp4']);
  });

  it('that are broken are not said to be pictures', async () => {
    const place = join(folder, 'only-broken');
    mkdirSync(place);
    writeFileSync(join(place, 'a.avi'), 'no video');
    const { stderr, exitCode } = await runPali(
      ['caption', place, '--format', 'srt', '-o', join(folder, 'none/')],
      home,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('a.avi is neither a picture nor a video that pali can read.');
    expect(stderr).not.toContain('note: ');
  });

  it('of a folder are answered like the pictures in it, and need ffmpeg alone', async () => {
    const mixed = join(folder, 'mixed');
    mkdirSync(join(mixed, 'below'), { recursive: true });
    copyFileSync(fixturePath('gallery', 'beach.png'), join(mixed, 'a.png'));
    copyFileSync(shots, join(mixed, 'b.MP4'));
    copyFileSync(fixturePath('gallery', 'farm.png'), join(mixed, 'below', 'c.png'));
    const args = ['caption', '-r', mixed, '--frames', '1', '-q'];
    const all = await runPali(args, home);
    const rows = [
      expect.stringMatching(/a\.png\t[a-z]/) as string,
      expect.stringMatching(/b\.MP4\t00:00:04\.500\ta bus/) as string,
      expect.stringMatching(/c\.png\t[a-z]/) as string,
    ];
    expect(all).toMatchObject({ exitCode: 0, stderr: '' });
    expect(all.stdout.trimEnd().split('\n')).toEqual(rows);
    for (const [more, environment, exitCode, sentence] of [
      [[], { FFMPEG_PATH: '/none' }, 8, /b\.MP4: FFMPEG_PATH names \/none, which is not a program/],
      [['-n', '2', '--temperature', '0.01'], {}, 2, /b\.MP4: Several answers can be had for pictures only/],
    ] as const) {
      const some = await runPali([...args, ...more], { ...home, ...environment });
      expect(some).toMatchObject({ exitCode, stderr: expect.stringMatching(sentence) as string });
      expect(some.stdout).toContain('a.png');
      expect(some.stdout).toContain('c.png');
    }
  });

  it('fill a folder with a file for each video and a picture for each frame', async () => {
    const [out, overlays] = [join(folder, 'out/'), join(folder, 'overlays/')];
    const args = ['detect', 'dog', crossing, shots, '--frames', '2', '-o', out, '--overlay', overlays, '-q'];
    expect((await runPali([...args, '--format', 'csv'], home)).exitCode).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['crossing.csv', 'three_shots.csv']);
    expect(readdirSync(overlays).sort()).toEqual([
      'crossing-000020.png',
      'crossing-000060.png',
      'three_shots-000023.png',
      'three_shots-000068.png',
    ]);
  });

  it.each([
    [['caption', shots, '--fps', '2', '--frames', '3'], 'Only one of these'],
    [['caption', shots, '--every', 'often'], "--every cannot be 'often'"],
    [['caption', shots, '--start', '5', '--end', '3'], '--end is not after'],
    [['caption', 'a.png', '--format', 'srt'], 'belong to one video'],
    [['detect', 'x', shots, crossing, '--annotate', 'a.mp4'], 'for one video'],
    [['detect', 'x', shots, '--frame-numbers', '5-2'], '--frame-numbers cannot be'],
    [['detect', 'x', shots, '--overlay', join(folder, 'one.png')], 'a video has many frames'],
  ])('refuse %j', async (args, message) => {
    const { stdout, stderr, exitCode } = await runPali(args, home);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  it('keep what is done when they are interrupted', async () => {
    const annotated = join(folder, 'cut-short.mp4');
    const args = [
      'detect',
      'dog',
      crossing,
      '--fps',
      '10',
      '--track',
      '--annotate',
      annotated,
      '--jobs',
      '1',
      '-q',
    ];
    const child = spawn(process.execPath, [resolve('bin/pali.js'), ...args], {
      env: { PATH: process.env['PATH'], ...home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    child.stdout.on('data', (text: Buffer) => {
      lines += text.toString().split('\n').length - 1;
      // A second signal would end it at once.
      if (lines >= 10 && !child.killed) child.kill('SIGINT');
    });
    const exitCode = await new Promise((settle) => child.on('close', settle));
    expect(exitCode).toBe(130);
    const { durationSeconds = 0 } = await probeVideo(annotated);
    expect(durationSeconds).toBeGreaterThan(0.8);
    expect(durationSeconds).toBeLessThan(7.9);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
