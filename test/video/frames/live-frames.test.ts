import { expect, it } from 'vitest';
import { fixturePath } from '../../../fixtures/index.js';
import { InputError, NetworkError } from '../../../src/base/errors.js';
import { takeLiveFrames } from '../../../src/video/frames/live-frames.js';
import { probeVideo } from '../../../src/video/probe/probe-video.js';

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
