import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../../src/base/task-result.js';
import {
  formatOf,
  formatOfPath,
  isFilesFormat,
  resultFormats,
} from '../../../src/render/formats/result-formats.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('formatOfPath', () => {
  it.each([
    ['a.json', 'json'],
    ['A.JSON', 'json'],
    ['a.jsonl', 'jsonl'],
    ['a.ndjson', 'jsonl'],
    ['a.csv', 'csv'],
    ['a.txt', 'text'],
    ['a.srt', 'srt'],
    ['a.vtt', 'vtt'],
    ['a.png', undefined],
    ['a.coco', undefined],
    ['a.yolo', undefined],
    ['a.text', undefined],
    ['json', undefined],
  ])('takes %s for %s', (path, format) => {
    expect(formatOfPath(path)).toBe(format);
  });
});

describe('formatOf', () => {
  const result: TaskResult = {
    ...{ input: 'a.png', task: 'detect', prompt: 'detect cat', image: { width: 10, height: 10 } },
    ...{ detections: [], frame: { index: 0, timeSeconds: 0, endSeconds: 1 } },
  };
  const captioned: TaskResult = {
    ...{ input: 'a.png', task: 'caption', prompt: 'caption en', image: { width: 10, height: 10 } },
    text: 'a cat',
  };
  const style = { withInputName: false, isTerminal: false, isColored: false, hasPolygons: false, things: [] };

  it.each(resultFormats)('%s can be written', async (name) => {
    const format = formatOf(name);
    if (isFilesFormat(format)) {
      const folder = join(temporaryFolder(), name);
      const files = await format.openFiles({ folder, things: [], inputFolders: [] });
      // Sidecars belong to pictures, and say nothing where nothing was found.
      const written = name === 'xmp' ? captioned : result;
      expect(await files.write(written)).toMatch(new RegExp(`\\${format.extension}$`));
      return;
    }
    const renderer = await format.createRenderer(style);
    const text = renderer.start() + renderer.renderResult(result) + renderer.end();
    if (format.isJson === true) expect(JSON.parse(text)).toBeTypeOf('object');
    expect(text).toBeTypeOf('string');
  });
});
