import { expect, it } from 'vitest';
import { describeRedactGaps } from '../../../src/tasks/videos/describe-redact-gaps.js';
import type { Sampling } from '../../../src/base/video/sampling.js';
import { fileSource } from '../../../src/video/source/video-source.js';
import type { VideoInfo } from '../../../src/base/video/video-info.js';

const video = { source: fileSource('a.mp4', 'mov'), framesPerSecond: 25, durationSeconds: 10 } as VideoInfo;
const every = (everySeconds: number): Sampling => ({ kind: 'every', everySeconds });

it('warns of what may show between the frames that are looked at', () => {
  expect(describeRedactGaps(video, every(1), false)).toBe(
    'a.mp4: only one of 25 frames is looked at, and what shows between them may not be hidden. Look at more: --track --fps 25',
  );
  expect(describeRedactGaps(video, { kind: 'scenes', threshold: 0.2 }, true)).toMatch(/only some frames are/);
});

it.each([
  ['each frame', every(1 / 25), false, false],
  ['a few between', every(3 / 25), false, false],
  ['more, which stand still', every(0.2), false, true],
  ['more, which move', every(0.2), true, false],
  ['long gaps', every(1), true, true],
  ['a count for all', { kind: 'count', count: 250 }, false, false],
  ['a count for few', { kind: 'count', count: 8 }, true, true],
  ['numbers', { kind: 'numbers', ranges: [[0, 9]] }, true, true],
] as const)('%s', (_, sampling, isTracked, isWarned) => {
  expect(describeRedactGaps(video, sampling, isTracked) !== undefined).toBe(isWarned);
});
