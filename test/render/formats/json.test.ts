import { describe, expect, it } from 'vitest';
import { createJsonlRenderer, createJsonRenderer } from '../../../src/render/formats/json.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

describe('json format', () => {
  it('is one valid array, whatever came before the end', () => {
    for (const results of [[], [captionResult], [captionResult, errorResult, detectResult]]) {
      const renderer = createJsonRenderer();
      const text =
        renderer.start() + results.map((result) => renderer.renderResult(result)).join('') + renderer.end();
      expect((JSON.parse(text) as unknown[]).length).toBe(results.length);
    }
  });

  it('is one object a line as jsonl', () => {
    const renderer = createJsonlRenderer();
    const lines = [captionResult, errorResult].map((result) => renderer.renderResult(result)).join('');
    expect(lines.split('\n')).toHaveLength(3);
  });

  it('writes a detection with all its fields', () => {
    expect(JSON.parse(createJsonlRenderer().renderResult(detectResult))).toEqual({
      schemaVersion: 1,
      input: 'street.jpg',
      task: 'detect',
      prompt: 'detect car ; traffic light',
      model: { name: 'demo', dtype: 'fp32', device: 'cpu' },
      image: { width: 640, height: 480 },
      text: 'car\t0.97\t102,310\t388,480\ntraffic light\t0.50\t1,2\t3,4',
      raw: '<loc0100><loc0200><loc0300><loc0400> car',
      truncated: false,
      detections: [
        {
          label: 'car',
          score: 0.9712,
          boxScore: 0.81,
          box: { x0: 102.4, y0: 310, x1: 388, y1: 479.6 },
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
      tokens: [{ id: 5, text: 'car', logprob: -0.01235, top: [{ id: 5, logprob: -0.01235 }] }],
      timings: { loadMs: 1, decodeMs: 2.3, visionMs: 3, prefillMs: 4, generateMs: 5, tokensPerSecond: 6 },
    });
  });

  it('writes masks as COCO does', () => {
    const [car] = detectResult.detections!;
    const mask = { width: 2, height: 3, data: Uint8Array.from([0, 1, 0, 1, 0, 0]) };
    const line = createJsonlRenderer().renderResult({ ...detectResult, detections: [{ ...car, mask }] });
    const { detections } = JSON.parse(line) as { detections: { mask: unknown }[] };
    // Down the columns: three zeros, two ones, one zero.
    expect(detections[0].mask).toEqual({ size: [3, 2], counts: '321' });
  });

  it('leaves out what does not apply, and is never null', () => {
    const line = createJsonlRenderer().renderResult(errorResult);
    expect(JSON.parse(line)).toEqual({
      schemaVersion: 1,
      input: 'gone.jpg',
      task: 'caption',
      prompt: 'caption en',
      error: { code: 'IMAGE_MISSING', message: 'There is no gone.jpg.', hint: 'Check the name.' },
    });
  });

  it('escapes every control character', () => {
    const input = 'a\n\u001b\u007f\u009b\u2028.jpg';
    const line = createJsonlRenderer().renderResult({ ...captionResult, input });
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028]/u);
    expect((JSON.parse(line) as { input: string }).input).toBe(input);
  });
});
