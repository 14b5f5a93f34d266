import { expect, it } from 'vitest';
import { askInParts } from '../../../src/tasks/answers/ask-in-parts.js';
import { detectTask } from '../../../src/tasks/prompts/detect.js';
import { FakeEngine } from '../../support/fake-engine.js';

const options = {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023 as const,
  jobs: 1,
  keepsImages: false,
  signal: new AbortController().signal,
};

function picture(width: number, height: number, decodeMs: number) {
  return { pixels: { side: 28, data: new Uint8Array(28 * 28 * 3) }, size: { width, height }, decodeMs };
}

it('asks each part about the whole picture and its tiles, and counts decoding once', async () => {
  const engine = new FakeEngine(({ prompt }) => `<loc0000><loc0000><loc1023><loc1023> ${prompt.slice(7)}`);
  const tile = { x: 50, y: 0, width: 50, height: 40 };
  const question = {
    ...{ task: detectTask('cat ; dog', true), engine, options },
    pictures: [picture(100, 40, 8)],
    tiles: [{ tile, picture: picture(50, 40, 2) }],
  };
  const { detections, timings, prompt } = await askInParts(question, undefined);
  expect(engine.requests.map((request) => request.prompt)).toEqual([
    ...['detect cat', 'detect cat', 'detect dog', 'detect dog'],
  ]);
  expect(prompt).toBe('detect cat\ndetect dog');
  expect(detections!.map(({ label, box }) => [label, box])).toEqual([
    ['cat', { x0: 0, y0: 0, x1: 100, y1: 40 }],
    ['dog', { x0: 0, y0: 0, x1: 100, y1: 40 }],
  ]);
  expect(timings!.decodeMs).toBe(10);
});

it('asks each part about all pictures of one prompt', async () => {
  const engine = new FakeEngine(() => '');
  const pictures = [picture(10, 10, 0), picture(20, 20, 0)];
  await askInParts({ task: detectTask('cat ; dog', true), engine, options, pictures }, undefined);
  expect(engine.requests.map(({ images }) => images.length)).toEqual([2, 2]);
});
