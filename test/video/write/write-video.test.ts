import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../../src/video/frames/sample-frames.js';
import { sketchDifference, sketchFrame } from '../../../src/video/frames/frame-difference.js';
import { videoFormatOf } from '../../../src/video/write/video-format.js';
import { openVideoWriter } from '../../../src/video/write/write-video.js';
import { collect, drawScene, meanColor, runPlainFfmpeg } from '../../support/make-clip.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-write-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const shots = fixturePath('video', 'three_shots.mp4');
const colors = [
  [200, 40, 40],
  [40, 200, 40],
  [40, 40, 200],
] as const;

async function writeColors(name: string, size = { width: 63, height: 47 }): Promise<string> {
  const path = join(folder, name);
  const video = await probeVideo(shots);
  const sound = { video, startSeconds: 3, durationSeconds: 1.2 };
  const writer = await openVideoWriter({ path, size, framesPerSecond: 10, sound });
  for (let i = 0; i < 12; i++) {
    await writer.write(drawScene({ ground: colors[Math.floor(i / 4)] }, size.width, size.height), i / 10);
  }
  await writer.finish();
  return path;
}

describe('openVideoWriter', () => {
  it.each(['mp4', 'webm', 'gif'])(
    'writes %s: frames in their colours, with sound where it has any',
    async (format) => {
      const path = await writeColors(`colors.${format}`);
      const video = await probeVideo(path);
      const even = format !== 'gif';
      expect(video).toMatchObject({ width: even ? 64 : 63, height: even ? 48 : 47, hasAudio: even });
      if (format === 'mp4') expect(video.audioCodec).toBe('aac');
      const frames = await collect(sampleFrames(video, { sampling: { kind: 'every', everySeconds: 0.4 } }));
      expect(frames).toHaveLength(3);
      frames.forEach(({ image }, i) => {
        const [red, green, blue] = meanColor(image);
        // The black line that makes an odd side even takes 1 of 64 and of 48 away.
        const expected = colors[i].map((value) => (even ? value * 0.964 : value));
        expect(
          Math.max(Math.abs(red - expected[0]), Math.abs(green - expected[1]), Math.abs(blue - expected[2])),
        ).toBeLessThan(9);
      });
    },
  );

  it.each(['mp4', 'webm', 'gif'])(
    'shows the last frame until the end that it is told (%s)',
    async (format) => {
      const path = join(folder, `still.${format}`);
      const writer = await openVideoWriter({ path, size: { width: 64, height: 48 }, framesPerSecond: 0.5 });
      for (const seconds of [0.2, 0.7]) {
        await writer.write(drawScene({ ground: colors[0] }, 64, 48), seconds);
      }
      await writer.finish(3);
      const video = await probeVideo(path);
      expect(video.durationSeconds).toBeCloseTo(3, 1);
      const frames = await collect(sampleFrames(video, { sampling: { kind: 'all' } }));
      const times = frames.map(({ timeSeconds }) => timeSeconds);
      expect(times.slice(0, 2).map((time) => Number(time.toFixed(1)))).toEqual([0, 0.7]);
    },
  );

  it('leaves an older file alone when it fails or is given up, and nothing beside it', async () => {
    const path = join(folder, 'kept.mp4');
    await writeFile(path, 'old');
    const writer = await openVideoWriter({ path, size: { width: 64, height: 48 }, framesPerSecond: 10 });
    await writer.write(drawScene({ ground: colors[0] }, 64, 48), 0);
    await writer.discard();
    expect((await readdir(folder)).filter((name) => name.startsWith('kept'))).toEqual(['kept.mp4']);
  });

  it('leaves nothing behind when the process ends at once', async () => {
    const path = join(folder, 'ended.mp4');
    const program = `
      import { openVideoWriter } from './dist/src/video/write/write-video.js';
      const size = { width: 640, height: 480 };
      const writer = await openVideoWriter({ path: process.argv[1], size, framesPerSecond: 10 });
      const image = { ...size, data: new Uint8Array(640 * 480 * 3) };
      let i = 0;
      for (; i < 50; i++) await writer.write(image, i);
      const { readdirSync } = await import('node:fs');
      const { dirname } = await import('node:path');
      while (!readdirSync(dirname(process.argv[1])).some((name) => name.endsWith('.part')))
        await writer.write(image, ++i);
      void writer.finish();
      process.exit(7);`;
    const args = ['--input-type=module', '-e', program, '--', path];
    const run = promisify(execFile)(process.execPath, args);
    await expect(run).rejects.toMatchObject({ code: 7 });
    expect((await readdir(folder)).filter((name) => name.startsWith('ended'))).toEqual([]);
  });

  it('says so when the place cannot be written to', async () => {
    const path = join(folder, 'none', 'out.mp4');
    const size = { width: 64, height: 48 };
    const writing = async (): Promise<void> => {
      const writer = await openVideoWriter({ path, size, framesPerSecond: 10 });
      for (let i = 0; i < 100; i++) await writer.write(drawScene({ ground: colors[0] }, 64, 48), i);
      await writer.finish();
    };
    await expect(writing()).rejects.toMatchObject({ code: 'VIDEO_UNWRITABLE' });
    expect(() => videoFormatOf('a.avi')).toThrow(/which kind/);
  });
});

describe('sketchDifference', () => {
  it('tells a still picture from one where something small moves', async () => {
    const noisy = join(folder, 'noisy.mp4');
    await runPlainFfmpeg(['-i', fixturePath('video', 'title.mp4'), '-crf', '32', '-g', '7', noisy]);
    for (const path of [fixturePath('video', 'title.mp4'), noisy]) {
      const frames = await collect(
        sampleFrames(await probeVideo(path), { sampling: { kind: 'every', everySeconds: 0.5 } }),
      );
      const sketches = frames.map(({ image }) => sketchFrame(image));
      const changes = sketches.slice(1).map((sketch, i) => sketchDifference(sketch, sketches[i]));
      // The title is still until 3.5 s, the desert until the sign at 6 s, and from 7.5 s the camel walks.
      const changed = changes.flatMap((change, i) => (change > 0.03 ? [(i + 1) / 2] : []));
      expect(changed).toEqual([3.5, 6, 8, 8.5, 9, 9.5]);
    }
  });
});
