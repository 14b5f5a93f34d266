import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import {
  createLabelStudioRenderer,
  type LabelStudioStyle,
} from '../../../src/render/formats/label-studio.js';
import { detectionOf } from '../../support/masks.js';
import { captionResult, detectResult } from '../../support/results.js';

interface ImportTask {
  readonly data: { readonly image: string };
  readonly predictions: readonly { readonly score: number; readonly result: readonly unknown[] }[];
}

const image = { width: 200, height: 100 };
const found: TaskResult = {
  ...detectResult,
  image,
  detections: [detectionOf('cat', { x0: 50, y0: 25, x1: 200, y1: 100 })],
};

function render(results: readonly TaskResult[], style: LabelStudioStyle = {}): ImportTask[] {
  const renderer = createLabelStudioRenderer(style);
  const text = [renderer.start(), ...results.map((result) => renderer.renderResult(result)), renderer.end()];
  return JSON.parse(text.join('')) as ImportTask[];
}

describe('label-studio format', () => {
  it('has boxes in percent', () => {
    const [task] = render([found]);
    expect(task.predictions[0].result).toEqual([
      expect.objectContaining({
        ...{ from_name: 'label', to_name: 'image', type: 'rectanglelabels' },
        ...{ original_width: 200, original_height: 100 },
        value: { x: 25, y: 25, width: 75, height: 75, rotation: 0, rectanglelabels: ['cat'] },
      }),
    ]);
  });

  it('has masks as a brush, and text', () => {
    const mask = { ...image, data: new Uint8Array(20_000).fill(1, 0, 50) };
    const [{ predictions }, caption] = render([
      { ...found, detections: [{ ...found.detections![0], mask }] },
      { ...captionResult, image },
    ]);
    expect(predictions[0].result[0]).toMatchObject({
      ...{ from_name: 'tag', type: 'brushlabels' },
      value: { format: 'rle', brushlabels: ['cat'] },
    });
    expect(caption.predictions[0].result).toEqual([
      {
        ...{ id: 'caption', from_name: 'caption', to_name: 'image', type: 'textarea' },
        value: { text: ['two cups'] },
      },
    ]);
  });

  it('names files from the folder that was given on', () => {
    const nameOf = (input: string, folders: string[] = []): string =>
      render([{ ...found, input }], { folders })[0].data.image;
    const root = '/data/local-files/?d=';
    expect(nameOf(join('my photos', 'a', 'b&c.jpg'), ['my photos'])).toBe(`${root}my%20photos/a/b%26c.jpg`);
    expect(nameOf('/srv/photos/a.jpg', ['/srv/photos'])).toBe(`${root}photos/a.jpg`);
    expect(nameOf('./x/a.jpg')).toBe(`${root}x/a.jpg`);
    expect(nameOf('https://example.org/a.jpg')).toBe('https://example.org/a.jpg');
  });

  it('leaves out failures, and frames without files', () => {
    const frame = { index: 3, timeSeconds: 0, endSeconds: 1 };
    const failed = { ...found, error: { code: 'X', message: 'x' } };
    expect(render([failed, { ...found, frame }])).toEqual([]);
    const style = { nameFrame: () => 'film-3.jpg', framesFolder: 'out/frames' };
    expect(render([{ ...found, frame }], style)[0].data.image).toBe('/data/local-files/?d=frames/film-3.jpg');
  });
});
