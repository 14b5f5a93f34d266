import { describe, expect, it } from 'vitest';
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
