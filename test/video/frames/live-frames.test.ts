import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { InputError, NetworkError } from '../../../src/base/errors.js';
import { takeLiveFrames } from '../../../src/video/frames/live-frames.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';
import { collect, meanColor, runPlainFfmpeg } from '../../support/make-clip.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pali-live-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

it.each(['libvpx', 'libvpx-vp9'])('lays what is transparent in %s on white', async (encoder) => {
  const clip = join(folder, `${encoder}.webm`);
  const source = ['-f', 'lavfi', '-i', 'color=red@0.5:s=32x32:d=0.2:r=5,format=yuva420p'];
  await runPlainFfmpeg([...source, '-c:v', encoder, '-auto-alt-ref', '0', clip]);
  const video = await probeVideo(clip);
  expect(video.hasAlpha).toBe(true);
  const options = { signal: new AbortController().signal, onDrop: () => undefined };
  const [{ image }] = await collect(takeLiveFrames(video, { sampling: { kind: 'all' } }, options));
  const [red, green] = meanColor(image);
  expect(red).toBeGreaterThan(240);
  expect(Math.abs(green - 128)).toBeLessThan(16);
});

it.each([
  [
    'tells that the connection broke',
    new NetworkError('URL_TIMEOUT', 'It sent nothing.'),
    ['It sent nothing.'],
  ],
  ['is silent where a camera ends', new InputError('CAMERA_UNREADABLE', 'It gives no picture.'), []],
])('%s', async (_, error, expected) => {
  const video = await probeVideo(fixturePath('video', 'title.mp4'));
  const broken = { ...video, source: { ...video.source, explain: () => error } };
  const notes: string[] = [];
  let frames = 0;
  const options = {
    signal: new AbortController().signal,
    onDrop: () => undefined,
    onNote: (sentence: string) => notes.push(sentence),
  };
  const plan = { sampling: { kind: 'every', everySeconds: 1 } } as const;
  for await (const frame of takeLiveFrames(broken, plan, options)) {
    frames++;
    frame.release();
  }
  expect(frames).toBeGreaterThan(0);
  expect(notes).toEqual(expected);
});
