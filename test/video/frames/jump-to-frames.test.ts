import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maySeek } from '../../../src/video/frames/plan-seeks.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { readFrameTimes } from '../../../src/video/frames/read-frame-times.js';
import { sampleFrames, type VideoFrame } from '../../../src/video/frames/sample-frames.js';
import { chooseFrames, countNumbers, type SamplingPlan } from '../../../src/video/frames/sampling-plan.js';
import type { VideoInfo } from '../../../src/base/video/video-info.js';
import { collect, runPlainFfmpeg } from '../../support/make-clip.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-jump-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const source = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=25:d=60'];
const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '50', '-bf', '3'];
/** Frames that stand for 1 to 5 units of 40 ms. */
const varying = ['-vf', 'select=not(mod(n*n\\,5))+not(mod(n\\,3))', '-vsync', 'vfr'];

/** How clips are made: options for ffmpeg after its input, and the file's name. */
const clips: Record<string, readonly string[]> = {
  'constant.mp4': [...source, ...h264],
  'varying.mp4': [...source, ...varying, ...h264],
  'varying.mkv': [...source, ...varying, ...h264],
  'open-groups.mp4': [...source, ...h264, '-x264-params', 'open-gop=1:keyint=60:min-keyint=60:scenecut=0'],
  'late.mkv': [...source, ...h264, '-output_ts_offset', '7.3'],
  'hevc.mp4': [
    ...source,
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'keyint=48:log-level=none',
  ],
  'vp9.webm': [...source, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60'],
};

/** Plans that leave out much. */
const plans: Record<string, SamplingPlan> = {
  'three frames of a part': {
    sampling: { kind: 'count', count: 3 },
    startSeconds: 10.01,
    endSeconds: 50.5,
  },
  'every 20 s from 30.3 s': { sampling: { kind: 'every', everySeconds: 20 }, startSeconds: 30.3 },
  'a dense part of a late range': {
    sampling: { kind: 'every', everySeconds: 0.5 },
    startSeconds: 50,
    endSeconds: 52,
  },
  'frames by number': {
    sampling: {
      kind: 'numbers',
      ranges: [
        [700, 703],
        [0, 0],
        [50, 50],
        [49, 49],
        [702, 705],
      ],
    },
  },
};

const made = new Map<string, Promise<void>>();

async function makeClip(name: string): Promise<VideoInfo> {
  const path = join(folder, name);
  const making = made.get(name) ?? runPlainFfmpeg([...clips[name], path]);
  made.set(name, making);
  await making;
  return probeVideo(path);
}

async function expectSame(video: VideoInfo, plan: SamplingPlan): Promise<VideoFrame[]> {
  // Otherwise both would be decoded in order.
  expect([maySeek(video, plan), (await readFrameTimes(video)) !== undefined]).toEqual([true, true]);
  const [jumped, inOrder] = await Promise.all(
    (['always', 'never'] as const).map((jumps) => collect(sampleFrames(video, plan, { jumps }))),
  );
  const moments = (frames: readonly VideoFrame[]): unknown[] =>
    frames.map(({ index, timeSeconds, endSeconds }) => ({ index, timeSeconds, endSeconds }));
  expect(moments(jumped)).toEqual(moments(inOrder));
  jumped.forEach(({ image }, i) => expect(Buffer.compare(image.data, inOrder[i].image.data)).toBe(0));
  return jumped;
}

describe('jumping to frames', () => {
  it.each(Object.keys(clips))('gives the frames that decoding in order gives, of %s', async (name) => {
    const video = await makeClip(name);
    for (const plan of Object.values(plans)) await expectSame(video, plan);
  });

  it('leaves out what an edit list hides', async () => {
    await makeClip('constant.mp4');
    const path = join(folder, 'edited.mp4');
    await runPlainFfmpeg(['-ss', '5.5', '-i', join(folder, 'constant.mp4'), '-c', 'copy', path]);
    const video = await probeVideo(path);
    for (const plan of Object.values(plans)) await expectSame(video, plan);
  });

  it('goes on in order where a jump does not lead where it should', async () => {
    const video = await makeClip('constant.mp4');
    // A container that ffmpeg cannot jump in exactly, taken for one that it can.
    const path = join(folder, 'stream.ts');
    await runPlainFfmpeg(['-i', join(folder, 'constant.mp4'), '-c', 'copy', path]);
    const stream = { ...(await probeVideo(path)), container: video.container };
    for (const plan of Object.values(plans)) await expectSame(stream, plan);
  });

  it('says where a file that was cut off ends', async () => {
    const video = { ...(await makeClip('late.mkv')), durationSeconds: 90 };
    const notes: string[] = [];
    const plan: SamplingPlan = { sampling: { kind: 'every', everySeconds: 20 } };
    const frames = await collect(sampleFrames(video, plan, { onNote: (note) => notes.push(note) }));
    expect(frames.map(({ timeSeconds }) => timeSeconds)).toEqual([0, 20, 40]);
    expect(notes).toEqual([expect.stringContaining('ends at 60.0 s')]);
  });

  it('is not tried where frames lie close, or all must be seen', async () => {
    const video = await makeClip('constant.mp4');
    const seconds = { kind: 'every', everySeconds: 1 } as const;
    expect(maySeek(video, { sampling: seconds })).toBe(false);
    expect(maySeek(video, { sampling: { kind: 'count', count: 3 }, findsCuts: true })).toBe(false);
    expect(maySeek({ ...video, isInterlaced: true }, { sampling: { kind: 'count', count: 3 } })).toBe(false);
    expect(maySeek({ ...video, container: 'mpegts' }, { sampling: { kind: 'count', count: 3 } })).toBe(false);
    expect(maySeek(video, { sampling: seconds, startSeconds: 30 })).toBe(true);
  });
});

describe('choosing frames', () => {
  it('counts numbers in ranges once', () => {
    expect(
      countNumbers([
        [5, 7],
        [0, 0],
        [6, 9],
        [6, 6],
      ]),
    ).toBe(6);
    expect(countNumbers([[3, 3]])).toBe(1);
  });

  it('takes none where there are none', () => {
    const range = { start: 0, seconds: 60, frameSeconds: 0.04 };
    expect(chooseFrames({ kind: 'count', count: 3 }, new Float64Array(), range)).toEqual([]);
  });
});
