import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { InputError } from '../../../src/base/errors.js';
import { isVideoFile, isVideoHead } from '../../../src/video/source/is-video-file.js';
import { parseProbe } from '../../../src/video/probe/parse-probe.js';
import { measureDuration } from '../../../src/video/probe/measure-duration.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { fileSource } from '../../../src/video/source/video-source.js';
import { runPlainFfmpeg } from '../../support/make-clip.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-probe-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const shots = fixturePath('video', 'three_shots.mp4');

describe('probeVideo', () => {
  it('tells size, length, rate, codec and sound', async () => {
    expect(await probeVideo(shots)).toMatchObject({
      width: 320,
      height: 180,
      durationSeconds: 9,
      framesPerSecond: 10,
      isConstantRate: true,
      codec: 'h264',
      hasAudio: true,
      audioCodec: 'aac',
      isInterlaced: false,
      isHdr: false,
      hasAlpha: false,
    });
  });

  it('says in a sentence what is wrong with a file', async () => {
    const empty = join(folder, 'empty.mp4');
    await writeFile(empty, '');
    const cut = join(folder, 'cut.mp4');
    await writeFile(cut, readFileSync(shots));
    await truncate(cut, 40_000);
    const sound = join(folder, 'sound.m4a');
    await runPlainFfmpeg(['-i', shots, '-vn', '-c:a', 'copy', sound]);
    const text = join(folder, 'text.txt');
    await writeFile(text, 'no video at all');
    const failures: Record<string, string> = {
      [empty]: 'VIDEO_EMPTY',
      [cut]: 'VIDEO_TRUNCATED',
      [sound]: 'VIDEO_WITHOUT_PICTURE',
      [text]: 'VIDEO_UNREADABLE',
      [join(folder, 'none.mp4')]: 'VIDEO_MISSING',
    };
    for (const [path, code] of Object.entries(failures)) {
      await expect(probeVideo(path)).rejects.toMatchObject({ code });
    }
  });

  it('takes a cover picture for no video', async () => {
    const cover = join(folder, 'cover.png');
    await runPlainFfmpeg(['-i', shots, '-frames:v', '1', cover]);
    const song = join(folder, 'song.mp4');
    const maps = [
      '-map',
      '0:a',
      '-map',
      '1',
      '-c:a',
      'copy',
      '-c:v',
      'png',
      '-disposition:v:0',
      'attached_pic',
    ];
    await runPlainFfmpeg(['-i', shots, '-i', cover, ...maps, song]);
    await expect(probeVideo(song)).rejects.toMatchObject({ code: 'VIDEO_WITHOUT_PICTURE' });
  });

  it('measures a length that the header does not say', async () => {
    const bare = join(folder, 'bare.h264');
    await runPlainFfmpeg(['-i', shots, '-c', 'copy', '-an', bare]);
    const stream = join(folder, 'stream.mkv');
    await runPlainFfmpeg(['-i', shots, '-c', 'copy', '-an', '-live', '1', '-f', 'matroska', stream]);
    const { durationSeconds, ...unmeasured } = await probeVideo(shots);
    expect(durationSeconds).toBe(9);
    expect((await measureDuration(unmeasured)).durationSeconds).toBeCloseTo(9, 3);
    expect((await measureDuration(await probeVideo(stream))).durationSeconds).toBeCloseTo(9, 3);
    expect(await isVideoFile(bare)).toBe(true);
  });
});

describe('parseProbe', () => {
  const source = fileSource('a.mp4', 'mov');
  const stream = { codec_type: 'video', width: 1920, height: 1080, avg_frame_rate: '25/1' };
  const parse = (fields: object): ReturnType<typeof parseProbe> =>
    parseProbe({ streams: [{ ...stream, ...fields }] }, source);

  it('turns a quarter after making pixels square', () => {
    const sideways = { sample_aspect_ratio: '4:3', side_data_list: [{ rotation: -90 }] };
    expect(parse(sideways)).toMatchObject({ width: 1080, height: 2560 });
    expect(parse({ sample_aspect_ratio: '1:2' })).toMatchObject({ width: 1920, height: 2160 });
  });

  it('refuses frames that are enormous or empty', () => {
    expect(() => parse({ width: 60_000, height: 60_000 })).toThrow(/36 million/);
    expect(() => parse({ width: 0 })).toThrow(/no pixels/);
  });

  it('survives any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (probe, extra) => {
        for (const value of [probe, { streams: [{ ...stream, ...(extra as object) }], format: extra }]) {
          try {
            expect(parseProbe(value, source).width).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
    );
  });
});

describe('isVideoFile', () => {
  it('goes by the content, not by the name', async () => {
    const formats = ['mkv', 'webm', 'avi', 'mov', 'ts', 'mpg', 'flv', 'ogv', 'wmv', 'mxf'];
    const codecs: Record<string, string[]> = {
      webm: ['-c:v', 'libvpx'],
      ogv: ['-c:v', 'libtheora'],
      mpg: ['-r', '25'],
      mxf: ['-c:v', 'mpeg2video', '-r', '25'],
    };
    for (const format of formats) {
      const path = join(folder, `clip.${format}`);
      const codec = codecs[format] ?? [];
      await runPlainFfmpeg(['-i', shots, '-t', '0.3', '-an', ...codec, '-s', '64x48', path]);
      const unnamed = join(folder, `unnamed-${format}.png`);
      await writeFile(unnamed, readFileSync(path));
      expect(`${format} ${await isVideoFile(unnamed)}`).toBe(`${format} true`);
    }
    expect(await isVideoFile(fixturePath('gallery', 'manifest.json'))).toBe(false);
    expect(await isVideoFile(join(folder, 'none'))).toBe(false);
    expect(await isVideoFile(folder)).toBe(false);
  });

  it('leaves pictures to the picture commands', async () => {
    for (const file of ['cmyk.jpg', 'alpha.png', 'animated.gif', 'animated.webp']) {
      const head = new Uint8Array(readFileSync(fixturePath('resize', `in/${file}`)));
      expect(`${file} ${isVideoHead(head)}`).toBe(`${file} false`);
    }
    expect(isVideoHead(Buffer.from('\0\0\0\x1cftypavif\0\0\0\0'))).toBe(false);
    expect(isVideoHead(Buffer.from('\0\0\0\x1cftypheic\0\0\0\0'))).toBe(false);
    expect(isVideoHead(new Uint8Array(0))).toBe(false);
  });
});
