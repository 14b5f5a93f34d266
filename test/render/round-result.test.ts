import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TaskResult } from '../../src/base/task-result.js';
import { parseResult } from '../../src/render/formats/parse-result.js';
import { formatOf, isFilesFormat, resultFormats } from '../../src/render/formats/result-formats.js';
import { stringifyJson } from '../../src/render/formats/stringify-json.js';
import { toResultObject } from '../../src/render/formats/result-object.js';
import { roundResult } from '../../src/render/round-result.js';
import { detectResult } from '../support/results.js';

const style = { withInputName: true, isTerminal: false, isColored: false, hasPolygons: false, things: [] };
const documents = resultFormats
  .filter((name) => !isFilesFormat(formatOf(name)) && formatOf(name).holds !== 'frames')
  .filter((name) => name !== 'html');
const side = fc.double({ min: 0, max: 1000, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const boxes = fc.array(fc.tuple(side, side, side, side, share), { minLength: 1, maxLength: 3 });

function resultOf(found: readonly (readonly [number, number, number, number, number])[]): TaskResult {
  const detections = found.map(([a, b, c, d, score]) => ({
    ...{ label: 'cat', score, boxScore: score, bins: [0, 0, 1023, 1023] as const },
    box: { x0: Math.min(a, c), y0: Math.min(b, d), x1: Math.max(a, c), y1: Math.max(b, d) },
  }));
  return { ...detectResult, image: { width: 1000, height: 1000 }, detections };
}

async function render(name: (typeof documents)[number], result: TaskResult): Promise<string> {
  const row = formatOf(name);
  if (isFilesFormat(row)) throw new Error(name);
  const renderer = await row.createRenderer(style);
  return [renderer.start?.(), renderer.renderResult(result), renderer.end?.()].join('');
}

it.each(documents)('--format %s is the same at once and from a file of --format jsonl', async (name) => {
  await fc.assert(
    fc.asyncProperty(boxes, async (found) => {
      const result = resultOf(found);
      const later = parseResult(JSON.parse(stringifyJson(toResultObject(result))));
      expect(await render(name, roundResult(result))).toBe(await render(name, later));
    }),
    { numRuns: 30 },
  );
});
