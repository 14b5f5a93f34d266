import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openVideo } from '../../../src/tasks/inputs/open-video.js';
import { PauseGate } from '../../../src/tasks/videos/pause-gate.js';
import { runVideoTask } from '../../../src/tasks/videos/run-video-task.js';
import { askTask } from '../../../src/tasks/prompts/ask.js';
import { sampleFrames, type VideoFrame } from '../../../src/video/frames/sample-frames.js';
import { collect, runPlainFfmpeg } from '../../support/make-clip.js';
import { FakeEngine } from '../../support/fake-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'pali-frames-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('hands small copies of large frames on, whose own pixels are used again', async () => {
  const path = join(folder, 'large.mp4');
  await runPlainFfmpeg(['-f', 'lavfi', '-i', 'testsrc=size=800x400:rate=1:duration=5', path]);
  const signal = new AbortController().signal;
  const video = (await openVideo(path, signal))!;
  const options = {
    video: { sampling: { kind: 'all' as const }, isSummary: false, isTracked: false },
    isConstrained: false,
    sampling: { temperature: 0, topP: 1, seed: 0 },
    locScale: 1024 as const,
    jobs: 2,
    ...{ signal, gate: new PauseGate() },
    ...{ keepsImages: true, keepsSmallImages: true },
  };
  const engine = new FakeEngine(({ prompt }) => prompt);
  const job = { video, name: 'large.mp4', task: askTask('what?'), engine, options };
  const takeFrames = (ending: AbortSignal): AsyncIterable<VideoFrame> =>
    sampleFrames(video, { sampling: { kind: 'all' } }, { signal: ending });
  const outputs = await collect(runVideoTask(job, { takeFrames }));
  expect(outputs.map(({ image }) => [image?.width, image?.height])).toEqual(
    Array.from({ length: 5 }, () => [320, 160]),
  );
  const sizes = outputs.map(({ result }) => result.image);
  expect(sizes).toEqual(Array.from({ length: 5 }, () => ({ width: 800, height: 400 })));
  // Each copy is of its own frame: the first and the last differ.
  expect(Buffer.compare(outputs[0].image!.data, outputs[4].image!.data)).not.toBe(0);
});
