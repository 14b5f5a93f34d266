import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryMask, Detection } from '../../../src/base/detection.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { createCocoRenderer, type CocoStyle } from '../../../src/render/formats/coco.js';
import { detectionOf, isInRingOrDisc, maskIou, maskWhere } from '../../support/masks.js';
import { detectResult } from '../../support/results.js';

/** A Python that has pycocotools; coco.test.ts holds what it said, for where there is none. */
const PYTHON = process.env['PALI_TEST_PYTHON'] ?? 'python3';
const hasReader = spawnSync(PYTHON, ['-c', 'import pycocotools.coco']).status === 0;
const title = hasReader ? 'coco format, read by pycocotools' : `coco format: ${PYTHON} has no pycocotools`;

interface ReadAnnotation {
  readonly id: number;
  readonly score: number;
  /** Absent without a segmentation. */
  readonly area?: number;
  readonly bbox?: readonly number[];
  readonly pixels?: string;
}

interface WrittenAnnotation {
  readonly id: number;
  readonly bbox: readonly number[];
  readonly area: number;
  readonly score: number;
}

function writeAndRead(
  results: readonly TaskResult[],
  style: CocoStyle,
): { written: WrittenAnnotation[]; read: ReadAnnotation[] } {
  const renderer = createCocoRenderer(style);
  const text =
    renderer.start() + results.map((result) => renderer.renderResult(result)).join('') + renderer.end();
  const options = { input: text, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 } as const;
  const output = execFileSync(PYTHON, ['test/support/read_coco.py'], options);
  const { annotations } = JSON.parse(text) as { annotations: WrittenAnnotation[] };
  return { written: annotations, read: JSON.parse(output) as ReadAnnotation[] };
}

/** A result of its own for each mask. */
function resultOf(mask: BinaryMask, index: number): TaskResult {
  const { width, height } = mask;
  const box = { x0: 0, y0: 0, x1: width, y1: height };
  const detections: Detection[] = [detectionOf('thing', box, mask)];
  return {
    input: `${index}.png`,
    task: 'segment',
    prompt: 'segment thing',
    image: { width, height },
    detections,
  };
}

/** Masks with short runs and long ones, some empty, some full. */
const randomMask = fc
  .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.nat(width * height), { maxLength: 60 })
      .map((turns) => [...new Set(turns)].sort((a, b) => a - b))
      .map((turns) => {
        const isSet = (i: number): boolean => turns.filter((turn) => turn <= i).length % 2 === 1;
        return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => +isSet(i)) };
      }),
  );

describe.skipIf(!hasReader)(title, () => {
  it('gives every mask back, pixel by pixel, with its area', () => {
    const masks = fc.sample(randomMask, { numRuns: 200, seed: 4 });
    const { written, read } = writeAndRead(masks.map(resultOf), { segmentation: 'rle' });
    expect(read.map(({ pixels }) => pixels)).toEqual(masks.map(({ data }) => data.join('')));
    expect(read.map(({ area }) => area)).toEqual(written.map(({ area }) => area));
    expect(read.map(({ score }) => score)).toEqual(written.map(({ score }) => score));
  });

  it('finds pieces and holes of polygons where the mask has them', () => {
    const mask = maskWhere(180, 100, isInRingOrDisc);
    const { read } = writeAndRead([resultOf(mask, 0)], { segmentation: 'polygon' });
    const data = Uint8Array.from(read[0].pixels!, Number);
    expect(maskIou({ ...mask, data }, mask)).toBeGreaterThan(0.95);
    expect(data[50 * 180 + 60]).toBe(0);
    expect(read[0].bbox).toEqual([20, 10, 142, 80]);
  });

  it('takes boxes without masks', () => {
    const { written, read } = writeAndRead([detectResult], { segmentation: 'rle' });
    expect(read.map(({ id }) => id)).toEqual([1, 2]);
    expect(written.map(({ bbox }) => bbox.length)).toEqual([4, 4]);
  });
});
