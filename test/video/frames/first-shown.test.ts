import { describe, expect, it } from 'vitest';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { sampleFrames } from '../../../src/video/frames/sample-frames.js';
import { chooseFrames, chooseShown, type SamplingPlan } from '../../../src/video/frames/sampling-plan.js';
import { takeFrame } from '../../../src/tasks/videos/take-frame.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import type { VideoOptions } from '../../../src/tasks/videos/video-options.js';
import { createSrtRenderer } from '../../../src/render/formats/subtitles.js';
import { makeJoined, makeSlides, readTimes } from '../../support/awkward-videos.js';
import { collect, runPlainFfmpeg } from '../../support/make-clip.js';
import { processClip } from '../../support/process-clip.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { join } from 'node:path';
import { fixturePath } from '../../../fixtures/index.js';

const folder = temporaryFolder();
const every = { kind: 'every', everySeconds: 1 } as const;

async function momentsOf(path: string, plan: SamplingPlan): Promise<number[][]> {
  const frames = await collect(sampleFrames(await probeVideo(path), plan));
  return frames.map(({ index, timeSeconds, endSeconds }) => [index, timeSeconds, endSeconds]);
}

async function framesOf(
  path: string,
  video: Partial<VideoOptions>,
): Promise<NonNullable<TaskResult['frame']>[]> {
  const { results } = await processClip(path, video);
  return results.flatMap(({ frame }) => (frame ? [frame] : []));
}

describe('a part of slides that stay for long', () => {
  it.each(['mp4', 'mkv', 'ts', 'gif', 'avi'])(
    'has the slide that is shown at its start: %s',
    async (kind) => {
      const path = await makeSlides(
        folder,
        [0, 1, 3, 9],
        12,
        kind === 'gif' || kind === 'avi' || kind === 'ts' ? 'mp4' : kind,
      );
      const video = join(folder, `again.${kind}`);
      const coding =
        kind === 'gif' ? [] : ['-c:v', kind === 'avi' ? 'mjpeg' : 'libx264', '-bf', '0', '-vsync', '0'];
      await runPlainFfmpeg(['-i', path, ...coding, video]);
      const rows = await momentsOf(video, { sampling: every, startSeconds: 5, endSeconds: 8 });
      expect(rows).toEqual([[expect.any(Number), 5, 8]]);
      const later = await momentsOf(video, { sampling: every, startSeconds: 5, endSeconds: 11 });
      expect(later).toEqual([
        [expect.any(Number), 5, 9],
        [expect.any(Number), 9, 11],
      ]);
      // A slide that begins with the part, and one that begins right after it.
      expect(await momentsOf(video, { sampling: every, startSeconds: 3, endSeconds: 5 })).toEqual([
        [expect.any(Number), 3, 5],
      ]);
      expect(await momentsOf(video, { sampling: every, startSeconds: 2.97, endSeconds: 5 })).toEqual([
        [expect.any(Number), 3, 5],
      ]);
    },
  );

  it('has it with --start 0:10 --end 0:20, 0:50 and 1:40, in every sampling', async () => {
    const path = await makeSlides(folder);
    for (const sampling of [
      every,
      { kind: 'all' },
      { kind: 'scenes', threshold: 0.2 },
      { kind: 'count', count: 4 },
    ] as const) {
      const part = await momentsOf(path, { sampling, startSeconds: 10, endSeconds: 20 });
      expect(part, sampling.kind).toEqual([[1, 10, 20]]);
    }
    expect(await momentsOf(path, { sampling: every, startSeconds: 50, endSeconds: 120 })).toEqual([
      [2, 50, 90],
      [3, 90, 120],
    ]);
    expect(await momentsOf(path, { sampling: every, startSeconds: 100, endSeconds: 110 })).toEqual([
      [3, 100, 110],
    ]);
    await expect(momentsOf(path, { sampling: every, startSeconds: 130 })).rejects.toThrow(
      /no frame in the part/,
    );
  });

  it('is the same slide for /frame and --at', async () => {
    const video = await probeVideo(await makeSlides(folder));
    const { signal } = new AbortController();
    const slides = await collect(sampleFrames(video, { sampling: { kind: 'all' } }));
    for (const [seconds, index] of [
      [10, 1],
      [29.99, 2],
      [60, 2],
      [119, 3],
    ] as const) {
      const { image } = await takeFrame(video, seconds, signal);
      expect(Buffer.compare(image.data, slides[index].image.data), String(seconds)).toBe(0);
    }
    await expect(takeFrame(video, 121, signal)).rejects.toMatchObject({ code: 'FRAME_MISSING' });
  });

  it('is spread over its slides by --frames', async () => {
    const path = await makeSlides(folder);
    const indexes = async (count: number, part: Partial<VideoOptions> = {}): Promise<number[]> =>
      (await framesOf(path, { sampling: { kind: 'count', count }, ...part })).map(({ index }) => index);
    expect(await indexes(4)).toEqual([1, 2, 3]);
    expect(await indexes(16)).toEqual([1, 2, 3]);
    expect(await indexes(2, { startSeconds: 20, endSeconds: 60 })).toEqual([2]);
    expect(await indexes(4, { startSeconds: 20, endSeconds: 60 })).toEqual([1, 2]);
  });

  it('begins with it in the annotated copy', async () => {
    const path = await makeSlides(folder);
    const annotate = join(folder, 'boxes.mp4');
    const { results } = await processClip(path, {
      annotate,
      startSeconds: 20,
      endSeconds: 40,
      isTracked: true,
    });
    expect(results.map(({ frame }) => frame?.timeSeconds)).toEqual([20, 30]);
    expect((await readTimes(annotate)).slice(0, 2)).toEqual([0, 10]);
  });

  it('has it in joined streams, whose times begin anew', async () => {
    const path = await makeJoined(folder);
    const rows = await framesOf(path, { startSeconds: 10.02, endSeconds: 10.08, sampling: { kind: 'all' } });
    expect(rows.map(({ index, timeSeconds }) => [index, timeSeconds])).toEqual([[100, 10.02]]);
  });
});

it('cues of --frames cover the video from the start of each part', async () => {
  const { results } = await processClip(fixturePath('video', 'three_shots.mp4'), {
    sampling: { kind: 'count', count: 3 },
  });
  expect(results.map(({ frame }) => [frame?.startSeconds, frame?.timeSeconds, frame?.endSeconds])).toEqual([
    [0, 1.5, 3],
    [3, 4.5, 6],
    [6, 7.5, 9],
  ]);
  const render = createSrtRenderer();
  const texts = results.map(({ detections: _detections, ...result }, i) =>
    render.renderResult({ ...result, task: 'caption', text: `text ${i}` }),
  );
  const srt = texts.join('') + render.end();
  expect(srt.match(/\d\d:\d\d:.* --> .*/g)).toEqual([
    '00:00:00,000 --> 00:00:03,000',
    '00:00:03,000 --> 00:00:06,000',
    '00:00:06,000 --> 00:00:09,000',
  ]);
});

it('chooseShown takes what chooseFrames takes where frames are close together', () => {
  for (const count of [1, 3, 7, 20]) {
    const range = { start: 5, seconds: 20, frameSeconds: 0.04 };
    const times = Float64Array.from({ length: 501 }, (_, i) => 5 + i * 0.04);
    expect(chooseShown(count, times, range)).toEqual(chooseFrames({ kind: 'count', count }, times, range));
  }
});
