import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { runPlainFfmpeg } from '../../support/make-clip.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import type { VideoOptions } from '../../../src/tasks/videos/video-options.js';
import {
  makeJoined,
  makeResolutionChange,
  makeThumbnailFirst,
  makeUntaggedHdr,
} from '../../support/awkward-videos.js';
import { processClip } from '../../support/process-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();

async function framesOf(
  path: string,
  video: Partial<VideoOptions> = {},
): Promise<NonNullable<TaskResult['frame']>[]> {
  const { results } = await processClip(path, video);
  return results.flatMap(({ frame }) => (frame ? [frame] : []));
}

const seconds = (count: number): number[] => Array.from({ length: count }, (_, second) => second);

describe('videos whose times or sizes change in the middle', () => {
  it('gives a row for every second of two streams that were joined with cat', async () => {
    const path = await makeJoined(folder);
    const frames = await framesOf(path);
    expect(frames.map(({ timeSeconds }) => timeSeconds)).toEqual(seconds(17));
    expect(frames.map(({ index }) => index)).toEqual(seconds(17).map((second) => second * 10));
    const late = await framesOf(path, { startSeconds: 12, endSeconds: 15 });
    expect(late.map(({ timeSeconds, index }) => [timeSeconds, index])).toEqual([
      [12, 120],
      [13, 130],
      [14, 140],
    ]);
    const spread = await framesOf(path, { sampling: { kind: 'count', count: 4 } });
    expect(spread).toHaveLength(4);
    expect(spread[3].timeSeconds).toBeGreaterThan(14);
  });

  it('counts frames on where the size changes, and sees no shot in that', async () => {
    const path = await makeResolutionChange(folder);
    expect(await framesOf(path, { sampling: { kind: 'count', count: 4 } })).toHaveLength(4);
    const numbers = [
      [2, 2],
      [45, 45],
    ] as const;
    const named = await framesOf(path, { sampling: { kind: 'numbers', ranges: numbers } });
    expect(named.map(({ index, timeSeconds }) => [index, timeSeconds])).toEqual([
      [2, 0.2],
      [45, 4.5],
    ]);
    expect(await framesOf(path, { sampling: { kind: 'scenes', threshold: 0.2 } })).toHaveLength(1);
  });
});

describe('videos that need a guess', () => {
  it('maps PQ whose primaries and matrix are not named', async () => {
    expect(await framesOf(await makeUntaggedHdr(folder))).toHaveLength(3);
  });

  it('takes the film and not the thumbnail that is the first stream', async () => {
    expect(await framesOf(await makeThumbnailFirst(folder))).toHaveLength(8);
  });
});

describe('videos that are made in unusual ways', () => {
  const crossing = fixturePath('video', 'crossing.mp4');
  const short = ['-i', crossing, '-t', '4', '-an'];

  it.each([
    ['interlaced.mp4', ['-vf', 'tinterlace=interleave_top', '-flags', '+ilme+ildct', '-c:v', 'libx264']],
    ['10-bit-444.mp4', ['-pix_fmt', 'yuv444p10le', '-c:v', 'libx264']],
    ['data-stream.mov', ['-c:v', 'libx264', '-timecode', '01:00:00:00']],
  ])('has a row for every second of %s', async (name, options) => {
    const path = join(folder, name);
    await runPlainFfmpeg([...short, ...options, path]);
    expect((await framesOf(path)).map(({ timeSeconds }) => timeSeconds)).toEqual(seconds(4));
  });

  it('has a row for every second where chapters and subtitles are in it', async () => {
    const [chapters, subtitles, path] = ['c.txt', 's.srt', 'chapters.mkv'].map((name) => join(folder, name));
    writeFileSync(chapters, ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle=One\n');
    writeFileSync(subtitles, '1\n00:00:01,000 --> 00:00:03,000\nhello\n');
    const inputs = ['-i', crossing, '-i', chapters, '-i', subtitles, '-map', '0:v', '-map', '2:s'];
    await runPlainFfmpeg([...inputs, '-map_metadata', '1', '-c:v', 'copy', path]);
    expect((await framesOf(path)).map(({ timeSeconds }) => timeSeconds)).toEqual(seconds(8));
  });

  it('has no row more where pictures turn in the middle', async () => {
    const path = join(folder, 'turned.ts');
    const coding = ['-vf', 'scale=64:48', '-c:v', 'libx264', '-bf', '0', '-f', 'mpegts'];
    const turn = ['-bsf:v', 'h264_metadata=display_orientation=insert:rotate=90', '-output_ts_offset', '4'];
    const parts = [];
    for (const more of [[], turn]) {
      await runPlainFfmpeg([...short, ...coding, ...more, path]);
      parts.push(readFileSync(path));
    }
    writeFileSync(path, Buffer.concat(parts));
    expect((await framesOf(path)).map(({ timeSeconds }) => timeSeconds)).toEqual(seconds(8));
    expect(await framesOf(path, { sampling: { kind: 'count', count: 4 } })).toHaveLength(4);
  });
});
