import type { TaskResult } from '../../src/base/task-result.js';

/** A result as detect gives it, with two objects and every field. */
export const detectResult: TaskResult = {
  input: 'street.jpg',
  task: 'detect',
  prompt: 'detect car ; traffic light',
  model: { name: 'demo', dtype: 'fp32', device: 'cpu' },
  image: { width: 640, height: 480 },
  raw: '<loc0100><loc0200><loc0300><loc0400> car',
  truncated: false,
  detections: [
    {
      label: 'car',
      score: 0.97123456,
      boxScore: 0.81,
      box: { x0: 102.4, y0: 310.004, x1: 388, y1: 479.6 },
      bins: [100, 200, 300, 400],
    },
    {
      label: 'traffic light',
      score: 0.5,
      boxScore: 0.4,
      box: { x0: 1, y0: 2, x1: 3, y1: 4 },
      bins: [1, 2, 3, 4],
    },
  ],
  rejected: [{ raw: '<loc0001>', reason: 'one of four coordinates' }],
  tokens: [{ id: 5, text: 'car', logprob: -0.0123456, top: [{ id: 5, logprob: -0.0123456 }] }],
  timings: { loadMs: 1, decodeMs: 2.345, visionMs: 3, prefillMs: 4, generateMs: 5, tokensPerSecond: 6 },
};

/** A result as caption gives it. */
export const captionResult: TaskResult = {
  input: 'a.jpg',
  task: 'caption',
  prompt: 'caption en',
  text: 'two cups',
  raw: 'two cups',
  truncated: false,
};

/** An input that failed. */
export const errorResult: TaskResult = {
  input: 'gone.jpg',
  task: 'caption',
  prompt: 'caption en',
  error: { code: 'IMAGE_MISSING', message: 'There is no gone.jpg.', hint: 'Check the name.' },
};
