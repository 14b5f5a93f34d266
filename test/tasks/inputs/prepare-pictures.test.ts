import { expect, it } from 'vitest';
import { preparePictures } from '../../../src/tasks/inputs/prepare-pictures.js';
import type { RunOptions } from '../../../src/tasks/inputs/run-options.js';
import { FakeEngine } from '../../support/fake-engine.js';

const wide = 'fixtures/golden/p01_jpg_640x480.jpg';
const options: RunOptions = {
  sampling: { temperature: 0, topP: 1, seed: 0 },
  isConstrained: true,
  locScale: 1023,
  jobs: 8,
  keepsImages: false,
  signal: new AbortController().signal,
};

it('shrinks pictures while the model is still being loaded', async () => {
  const engine = new FakeEngine(() => 'x');
  engine.load = () => new Promise(() => undefined);
  const prepared = await preparePictures({ name: wide, pictures: [wide] }, engine, options);
  expect(prepared.pictures[0].pixels.side).toBe(28);
  expect(prepared.pictures[0].size).toEqual({ width: 640, height: 480 });
});
