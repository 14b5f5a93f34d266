import { describe, expect, it } from 'vitest';
import type { BinaryMask } from '../../../src/base/detection.js';
import { decodeMaskRle, type MaskRle } from '../../../src/base/mask-rle.js';
import type { TaskResult } from '../../../src/base/task-result.js';
import { createCocoRenderer, type CocoStyle } from '../../../src/render/formats/coco.js';
import {
  detectionOf,
  fillPolygons,
  isInRingOrDisc,
  maskIou,
  maskOf,
  maskWhere,
} from '../../support/masks.js';
import { captionResult, detectResult, errorResult } from '../../support/results.js';

interface CocoDocument {
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: {
    id: number;
    image_id: number;
    category_id: number;
    bbox: number[];
    area: number;
    segmentation: number[][] | MaskRle;
    iscrowd: number;
    score: number;
  }[];
  categories: { id: number; name: string }[];
}

function renderDocument(results: readonly TaskResult[], style: CocoStyle): string {
  const renderer = createCocoRenderer(style);
  return renderer.start() + results.map((result) => renderer.renderResult(result)).join('') + renderer.end();
}

function readDocument(results: readonly TaskResult[], style: CocoStyle): CocoDocument {
  return JSON.parse(renderDocument(results, style)) as CocoDocument;
}

/** A picture with a box alone, a ring with a disc beside it, and a few pixels. */
const segmentResult: TaskResult = {
  input: 'a/ring.png',
  task: 'segment',
  prompt: 'segment ring ; dot',
  image: { width: 180, height: 100 },
  detections: [
    detectionOf('box', { x0: 10.5, y0: 20.25, x1: 30, y1: 40 }),
    detectionOf('ring', { x0: 20, y0: 10, x1: 162, y1: 90 }, maskWhere(180, 100, isInRingOrDisc)),
    detectionOf(
      'dot',
      { x0: 3, y0: 97, x1: 6, y1: 99 },
      maskWhere(180, 100, (x, y) => x > 3 && x < 6 && y > 97 && y < 99 && !(x > 5 && y > 98)),
    ),
  ],
};

/** The ring and the disc, from pycocotools. */
const RING =
  'lo1<c2:H6K4L4L4L4M2M4M2N2N2N2N2N2N2O0O2N2O0O2O0O2O0O2OgN^O0a0NE0:OH08NL030O00O20N020NO40LO60I170H080' +
  'HO:0F0:0F0:0F0:0F0:0F0:0F0:0F0:0F180H080IO70J140L120N020N10010M042H081F0;2_O0b0Y11N101N101N101N2N101' +
  'N2N2N2N2N2N2N3L3N3L4L4L4L5J8FZg3JnXL6L2N2N2N2N2O000O2O0000000001N10001N2N2N2N2N4Jbf1';

/** [x, y, width, height] of a mask's pixels. */
function extentOf({ width, data }: BinaryMask): number[] {
  const places = [...data.keys()].filter((i) => data[i] === 1);
  const [columns, rows] = [places.map((i) => i % width), places.map((i) => Math.floor(i / width))];
  const [x0, y0] = [Math.min(...columns), Math.min(...rows)];
  return [x0, y0, Math.max(...columns) + 1 - x0, Math.max(...rows) + 1 - y0];
}

describe('coco format', () => {
  it('numbers pictures, objects and labels from 1, in order of appearance', () => {
    const { images, annotations, categories } = readDocument([detectResult, segmentResult, detectResult], {
      segmentation: 'rle',
    });
    expect(images).toEqual([
      { id: 1, file_name: 'street.jpg', width: 640, height: 480 },
      { id: 2, file_name: 'a/ring.png', width: 180, height: 100 },
      { id: 3, file_name: 'street.jpg', width: 640, height: 480 },
    ]);
    expect(annotations.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(annotations.map((one) => one.image_id)).toEqual([1, 1, 2, 2, 2, 3, 3]);
    expect(categories.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '1 car',
      '2 traffic light',
      '3 box',
      '4 ring',
      '5 dot',
    ]);
    expect(annotations.map((one) => one.category_id)).toEqual([1, 2, 3, 4, 5, 1, 2]);
  });

  it('writes a box as corner and size, with its score', () => {
    const { annotations } = readDocument([detectResult], { segmentation: 'rle' });
    expect(annotations[0]).toEqual({
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [102.4, 310, 285.6, 169.6],
      area: 48437.76,
      segmentation: [],
      iscrowd: 0,
      score: 0.9712,
    });
  });

  it('keeps the ids of things that were asked for, found or not', () => {
    const labels = ['bus', 'traffic light', 'bus'];
    const { annotations, categories } = readDocument([detectResult], { segmentation: 'rle', labels });
    expect(categories.map(({ name }) => name)).toEqual(['bus', 'traffic light', 'car']);
    expect(annotations.map((one) => one.category_id)).toEqual([3, 2]);
  });

  it('names what has no label', () => {
    const nameless = { ...segmentResult, detections: [detectionOf('', { x0: 0, y0: 0, x1: 1, y1: 1 })] };
    expect(readDocument([nameless], { segmentation: 'rle' }).categories[0].name).toBe('object');
  });

  it('lists a picture where nothing was found, and leaves out one that failed', () => {
    const nothing = { ...detectResult, detections: [] };
    const { images, annotations } = readDocument([errorResult, nothing, captionResult], {
      segmentation: 'rle',
    });
    expect(images.map((image) => image.file_name)).toEqual(['street.jpg']);
    expect(annotations).toEqual([]);
  });

  it('is a whole document when the work was cut short', () => {
    expect(readDocument([], { segmentation: 'rle' })).toMatchObject({
      images: [],
      annotations: [],
      categories: [],
    });
  });

  /** What pycocotools 2.0.11 reads in this document: COCO(file), annToRLE, mask.area, mask.toBbox. */
  it.each([
    [1, 4756, [20, 10, 142, 80], RING],
    [2, 5, [3, 97, 3, 2], ']<2R300Ohl`0'],
  ])('writes the masks that pycocotools reads back, object %i', (index, area, extent, counts) => {
    const annotation = readDocument([segmentResult], { segmentation: 'rle' }).annotations[index];
    expect(annotation.segmentation).toEqual({ size: [100, 180], counts });
    expect(annotation.area).toBe(area);
    expect(extentOf(decodeMaskRle(annotation.segmentation as MaskRle))).toEqual(extent);
  });

  it('writes masks as polygons close to the pixels, a hole tied to its piece', () => {
    const { annotations } = readDocument([segmentResult], { segmentation: 'polygon' });
    const [, ring, dot] = segmentResult.detections!;
    for (const [index, { mask }] of [
      [1, ring],
      [2, dot],
    ] as const) {
      const polygons = (annotations[index].segmentation as number[][]).map((numbers) =>
        Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]] as const),
      );
      expect(maskIou(fillPolygons(polygons, 180, 100), mask!)).toBeGreaterThan(0.96);
    }
  });

  it('writes pieces without holes as polygons of their own', () => {
    const mask = maskOf(['##..', '##..', '...#']);
    const detection = detectionOf('two', { x0: 0, y0: 0, x1: 4, y1: 3 }, mask);
    const { annotations } = readDocument([{ ...segmentResult, detections: [detection] }], {
      segmentation: 'polygon',
    });
    expect(annotations[0].segmentation).toEqual([
      [0, 0, 2, 0, 2, 2, 0, 2],
      [3, 2, 4, 2, 4, 3, 3, 3],
    ]);
  });
});
