import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { CancelledError } from '../../../src/base/errors.js';
import { measureDuration } from '../../../src/video/probe/measure-duration.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { sampleFrames, type VideoFrame } from '../../../src/video/frames/sample-frames.js';
import type { Sampling } from '../../../src/base/video/sampling.js';
import type { SamplingPlan } from '../../../src/video/frames/sampling-plan.js';
import { collect, makeClip, meanColor, runPlainFfmpeg, type Scene } from '../../support/make-clip.js';

const crossing = fixturePath('video', 'crossing.mp4');
const shots = fixturePath('video', 'three_shots.mp4');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-video-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function sample(
  path: string,
  plan: SamplingPlan,
  onNote?: (text: string) => void,
): Promise<VideoFrame[]> {
  const video = await measureDuration(await probeVideo(path));
  return collect(sampleFrames(video, plan, onNote ? { onNote } : {}));
}

async function timesOf(path: string, sampling: Sampling, range = {}): Promise<number[]> {
  return (await sample(path, { sampling, ...range })).map(({ timeSeconds }) => timeSeconds);
}

/** Frames that tell their number: red is ten times it. */
function numbered(count: number): Scene[] {
  return Array.from({ length: count }, (_, i) => ({ ground: [i * 10, 100, 200] as const }));
}

describe('sampleFrames', () => {
  it('takes the first frame of each second, with its number and where it ends', async () => {
    const frames = await sample(crossing, { sampling: { kind: 'every', everySeconds: 1 } });
    expect(frames.map(({ timeSeconds }) => timeSeconds)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(frames.map(({ index }) => index)).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
    expect(frames.map(({ endSeconds }) => endSeconds)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(frames[0].image).toMatchObject({ width: 320, height: 180 });
  });

  it('takes evenly spaced frames, a part of the clip, and frames by number', async () => {
    expect(await timesOf(crossing, { kind: 'count', count: 4 })).toEqual([1, 3, 5, 7]);
    expect(
      await timesOf(crossing, { kind: 'every', everySeconds: 0.5 }, { startSeconds: 2.2, endSeconds: 3.7 }),
    ).toEqual([2.2, 2.7, 3.2]);
    const byNumber = await sample(crossing, {
      sampling: {
        kind: 'numbers',
        ranges: [
          [3, 3],
          [40, 42],
        ],
      },
    });
    expect(byNumber.map(({ index }) => index)).toEqual([3, 40, 41, 42]);
  });

  it('takes every frame of a part that has fewer than were asked for', async () => {
    const part = { startSeconds: 3, endSeconds: 3.3 };
    expect(await timesOf(crossing, { kind: 'count', count: 8 }, part)).toEqual([3, 3.1, 3.2]);
    expect(await timesOf(crossing, { kind: 'count', count: 3 }, part)).toEqual([3, 3.1, 3.2]);
    expect(await timesOf(crossing, { kind: 'count', count: 2 }, part)).toHaveLength(2);
    expect(await timesOf(crossing, { kind: 'count', count: 1 }, { endSeconds: 0.1 })).toEqual([0]);
    expect(await timesOf(crossing, { kind: 'count', count: 60 })).toHaveLength(60);
  });

  it('keeps numbers and times after a jump', async () => {
    const sampling = { kind: 'every', everySeconds: 1 } as const;
    const [first] = await sample(crossing, { sampling, startSeconds: 6 });
    const all = await sample(crossing, { sampling: { kind: 'all' } });
    expect([first.index, first.timeSeconds]).toEqual([60, 6]);
    expect(Buffer.compare(first.image.data, all[60].image.data)).toBe(0);
    expect(all.map(({ index }) => index)).toEqual(Array.from({ length: 80 }, (_, i) => i));
  });

  it('finds the shots, and tells cuts between samples', async () => {
    expect(await timesOf(shots, { kind: 'scenes', threshold: 0.2 })).toEqual([0, 3, 6]);
    const frames = await sample(shots, { sampling: { kind: 'every', everySeconds: 2 }, findsCuts: true });
    expect(frames.map(({ cutSeconds }) => cutSeconds)).toEqual([undefined, undefined, 3, 6, undefined]);
  });

  it('gives the pixels of each frame', async () => {
    const clip = await makeClip(folder, 'numbered.mkv', {
      width: 64,
      height: 48,
      framesPerSecond: 10,
      scenes: numbered(20),
    });
    const frames = await sample(clip, { sampling: { kind: 'all' } });
    const reds = frames.map(({ image }) => meanColor(image)[0]);
    reds.forEach((red, i) => expect(Math.abs(red - i * 10)).toBeLessThanOrEqual(3));
  });

  it('keeps the times of a varying rate', async () => {
    const clip = join(folder, 'varying.mkv');
    const even = await makeClip(folder, 'even.mkv', {
      width: 64,
      height: 48,
      framesPerSecond: 10,
      scenes: numbered(20),
    });
    // Frames 10 to 19 stand four times as long.
    const slower = 'setpts=if(lt(N\\,10)\\,N*0.1\\,1+(N-10)*0.4)/TB';
    await runPlainFfmpeg(['-i', even, '-vf', slower, '-vsync', 'vfr', '-c:v', 'ffv1', clip]);
    const frames = await sample(clip, { sampling: { kind: 'every', everySeconds: 1 } });
    expect(frames.map(({ timeSeconds }) => timeSeconds)).toEqual([0, 1, 2.2, 3, 4.2]);
    expect(frames.map(({ index }) => index)).toEqual([0, 10, 13, 15, 18]);
    expect(await timesOf(clip, { kind: 'every', everySeconds: 2 }, { startSeconds: 1.5 })).toEqual([
      1.5, 3.8,
    ]);
  });

  it('turns rotated pictures and makes odd pixels square', async () => {
    const turned = join(folder, 'turned.mp4');
    const source = await makeClip(folder, 'wide.mp4', {
      width: 64,
      height: 48,
      framesPerSecond: 10,
      scenes: numbered(2),
    });
    await runPlainFfmpeg(['-i', source, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', turned]);
    const odd = join(folder, 'odd.mkv');
    await runPlainFfmpeg(['-i', source, '-vf', 'setsar=2/1', '-c:v', 'ffv1', odd]);
    const sampling = { kind: 'all' } as const;
    expect((await sample(turned, { sampling }))[0].image).toMatchObject({ width: 48, height: 64 });
    expect((await sample(odd, { sampling }))[0].image).toMatchObject({ width: 128, height: 48 });
  });

  it('lays what is transparent on white', async () => {
    const clip = join(folder, 'clear.mkv');
    await runPlainFfmpeg([
      '-f',
      'lavfi',
      '-i',
      'color=red@0.5:s=32x32:d=0.2,format=rgba',
      '-c:v',
      'ffv1',
      clip,
    ]);
    const [frame] = await sample(clip, { sampling: { kind: 'all' } });
    const [red, green] = meanColor(frame.image);
    expect(red).toBeGreaterThan(250);
    expect(Math.abs(green - 128)).toBeLessThan(6);
  });

  it('maps 10 bits and high dynamic range to what a screen shows', async () => {
    const clip = join(folder, 'hdr.mkv');
    const tags = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
    const source = ['-f', 'lavfi', '-i', 'color=gray:s=64x64:d=0.2'];
    await runPlainFfmpeg([...source, '-pix_fmt', 'yuv420p10le', '-c:v', 'ffv1', ...tags, clip]);
    const video = await probeVideo(clip);
    expect(video.isHdr).toBe(true);
    const [frame] = await collect(sampleFrames(video, { sampling: { kind: 'all' } }));
    // PQ code 0.5 is about 92 cd/m2: near a screen's white, which Hable's curve shows well above middle gray.
    expect(meanColor(frame.image)[1]).toBeGreaterThan(140);
  });

  it('deinterlaces what is interlaced', async () => {
    const clip = join(folder, 'interlaced.mkv');
    const scenes = numbered(10).map((scene, i) => ({ ...scene, square: { x: i * 12, y: 10, side: 24 } }));
    const even = await makeClip(folder, 'moving.mkv', {
      width: 160,
      height: 48,
      framesPerSecond: 20,
      scenes,
    });
    await runPlainFfmpeg([
      '-i',
      even,
      '-vf',
      'tinterlace=interleave_top,fieldorder=tff',
      '-c:v',
      'mpeg2video',
      '-q:v',
      '2',
      '-flags',
      '+ilme+ildct',
      clip,
    ]);
    const video = await probeVideo(clip);
    const combed = await collect(
      sampleFrames({ ...video, isInterlaced: false }, { sampling: { kind: 'all' } }),
    );
    const frames = await collect(
      sampleFrames({ ...video, isInterlaced: true }, { sampling: { kind: 'all' } }),
    );
    expect(lineDifference(frames[2])).toBeLessThan(lineDifference(combed[2]) * 0.6);
  });

  it.each(['-dash \'n quote".mp4', 'a:b=c[0],%d.mp4', 'http:x.mp4'])(
    'reads a file called %s',
    async (name) => {
      const path = join(folder, name);
      await writeFile(path, readFileSync(crossing));
      expect(await timesOf(path, { kind: 'count', count: 2 })).toEqual([2, 6]);
      const cwd = process.cwd();
      try {
        process.chdir(folder);
        expect(await timesOf(name, { kind: 'count', count: 2 })).toEqual([2, 6]);
      } finally {
        process.chdir(cwd);
      }
    },
  );

  it('takes what there is of a file that was cut off, and says so', async () => {
    const path = join(folder, 'cut.mkv');
    await runPlainFfmpeg(['-i', crossing, '-c', 'copy', path]);
    await truncate(path, 30_000);
    const notes: string[] = [];
    const frames = await sample(path, { sampling: { kind: 'every', everySeconds: 1 } }, (text) =>
      notes.push(text),
    );
    expect(frames.length).toBeGreaterThan(1);
    expect(frames.length).toBeLessThan(8);
    expect(notes).toEqual([expect.stringContaining('damaged or incomplete')]);
  });

  it('says that a part holds no frame', async () => {
    await expect(sample(crossing, { sampling: { kind: 'all' }, startSeconds: 20 })).rejects.toMatchObject({
      code: 'VIDEO_NO_FRAMES',
      hint: 'It is 8.0 s long.',
    });
  });

  it('leaves no ffmpeg behind when the loop is left early or cancelled', async () => {
    const video = await probeVideo(crossing);
    for await (const frame of sampleFrames(video, { sampling: { kind: 'all' } }))
      if (frame.index === 3) break;
    const controller = new AbortController();
    const cancelled = (async () => {
      for await (const frame of sampleFrames(video, { sampling: { kind: 'all' } }, controller)) {
        if (frame.index === 1) controller.abort();
      }
    })();
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '--ppid', String(process.pid)]);
    expect(stdout.split('\n').filter((line) => line.includes('crossing.mp4'))).toEqual([]);
  });
});

/** Mean difference between neighbouring lines of the red channel. */
function lineDifference({ image: { width, height, data } }: VideoFrame): number {
  let sum = 0;
  for (let i = 0; i < width * (height - 1); i++) sum += Math.abs(data[i * 3] - data[(i + width) * 3]);
  return sum / (width * height);
}
