import { describe, expect, it } from 'vitest';
import { decodeMaskRle } from '../../src/base/mask-rle.js';
import { classPrecision, rankFindings } from '../../src/metrics/objects/average-precision.js';
import { cocoScores, meanPrecision, weightedAp } from '../../src/metrics/objects/coco-scores.js';
import { countConfusions } from '../../src/metrics/objects/count-confusions.js';
import { maskArea, sharedArea, toMaskRuns, type MaskRuns } from '../../src/metrics/objects/mask-runs.js';
import type { PictureObjects } from '../../src/metrics/objects/object-truth.js';
import { bestOperatingPoint } from '../../src/metrics/objects/operating-point.js';
import { polygonToRuns } from '../../src/metrics/objects/polygon-runs.js';
import { referringOverlap } from '../../src/metrics/objects/referring-overlap.js';
import { readRecorded } from './read-recorded.js';

type Corner = readonly [number, number, number, number];
interface Scores {
  readonly stats: readonly number[];
  readonly byClass: readonly number[];
}
interface RecordedObjects {
  readonly truth: {
    readonly images: readonly { readonly id: number; readonly width: number; readonly height: number }[];
    readonly categories: readonly { readonly id: number }[];
    readonly annotations: readonly {
      readonly image_id: number;
      readonly category_id: number;
      readonly iscrowd: 0 | 1;
      readonly bbox: Corner;
      readonly area: number;
      readonly segmentation: readonly (readonly number[])[] | { readonly counts: readonly number[] };
    }[];
  };
  readonly boxes: readonly { image_id: number; category_id: number; score: number; bbox: Corner }[];
  readonly masks: readonly {
    image_id: number;
    category_id: number;
    score: number;
    segmentation: { size: [number, number]; counts: string };
  }[];
  readonly scores: { readonly bbox: Scores; readonly segm: Scores };
}

const recorded = readRecorded<RecordedObjects>('objects.json.gz');
const ids = recorded.truth.categories.map(({ id }) => id);
const noBox = { x0: 0, y0: 0, x1: 1, y1: 1 };

function toBox([x, y, width, height]: Corner): { x0: number; y0: number; x1: number; y1: number } {
  return { x0: x, y0: y, x1: x + width, y1: y + height };
}

/** The union of polygons, through dense masks. */
function unite(polygons: readonly (readonly number[])[], size: { width: number; height: number }): MaskRuns {
  const data = new Uint8Array(size.width * size.height);
  for (const polygon of polygons) {
    let place = 0;
    polygonToRuns(polygon, size).counts.forEach((count, i) => {
      for (let end = place + count; place < end; place++) {
        if (i % 2 === 1) data[(place % size.height) * size.width + Math.floor(place / size.height)] = 1;
      }
    });
  }
  return toMaskRuns({ ...size, data });
}

const pictures = (kind: 'boxes' | 'masks'): PictureObjects[] =>
  recorded.truth.images.map(({ id, ...size }) => ({
    truths: recorded.truth.annotations
      .filter(({ image_id }) => image_id === id)
      .map(({ category_id, bbox, area, iscrowd, segmentation }) => ({
        category: ids.indexOf(category_id),
        box: toBox(bbox),
        area,
        isCrowd: iscrowd === 1,
        mask: 'counts' in segmentation ? { ...size, counts: segmentation.counts } : unite(segmentation, size),
      })),
    found:
      kind === 'boxes'
        ? recorded.boxes
            .filter(({ image_id }) => image_id === id)
            .map(({ category_id, score, bbox }) => ({
              category: ids.indexOf(category_id),
              score,
              box: toBox(bbox),
            }))
        : recorded.masks
            .filter(({ image_id }) => image_id === id)
            .map(({ category_id, score, segmentation }) => ({
              category: ids.indexOf(category_id),
              score,
              box: noBox,
              mask: toMaskRuns(decodeMaskRle(segmentation)),
            })),
  }));

describe.each([
  ['boxes', 'bbox'],
  ['masks', 'segm'],
] as const)('%s against pycocotools 2.0.11', (shape, kind) => {
  const ranked = rankFindings(pictures(shape), ids.length, shape);

  it('has its twelve numbers over 66 pictures with crowds', () => {
    const scores = Object.values<number | undefined>({ ...cocoScores(ranked) }).map((score) => score ?? -1);
    scores.forEach((score, i) => {
      expect([i, score]).toEqual([i, expect.closeTo(recorded.scores[kind].stats[i], 9)]);
    });
    expect(scores).toHaveLength(12);
  });

  it('has its average precision of each class', () => {
    const byClass = ranked.map(([all]) => classPrecision(all));
    byClass.forEach((one, i) => {
      expect(one === undefined ? -1 : meanPrecision(one)).toBeCloseTo(recorded.scores[kind].byClass[i], 9);
    });
  });

  // Copies of a finding count one after the other, weights at once: the curves differ in between.
  it('counts pictures as often as their weights say', () => {
    const some = pictures(shape).slice(0, 9);
    const twice = rankFindings([...some, ...some.slice(0, 3)], ids.length, shape);
    const weights = some.map((_, i) => (i < 3 ? 2 : 1));
    expect(weightedAp(rankFindings(some, ids.length, shape), weights)).toBeCloseTo(weightedAp(twice)!, 4);
  });
});

describe('masks as polygons and run lengths', () => {
  it('covers the areas that pycocotools gave', () => {
    const truths = pictures('masks').flatMap((one) => one.truths);
    truths.forEach(({ mask, area }) => expect(maskArea(mask!)).toBe(area));
    expect(truths.length).toBeGreaterThan(150);
  });

  it('shares what both cover', () => {
    const size = { width: 10, height: 10 };
    const left = polygonToRuns([0, 0, 6, 0, 6, 10, 0, 10], size);
    const right = polygonToRuns([4, 0, 10, 0, 10, 10, 4, 10], size);
    expect([maskArea(left), maskArea(right), sharedArea(left, right)]).toEqual([60, 60, 20]);
  });
});

describe('one class', () => {
  const box = (x: number): { x0: number; y0: number; x1: number; y1: number } => ({
    x0: x,
    y0: 0,
    x1: x + 10,
    y1: 10,
  });
  const picture: PictureObjects = {
    truths: [
      { category: 0, box: box(0), area: 100, isCrowd: false },
      { category: 0, box: box(50), area: 100, isCrowd: false },
      { category: 1, box: box(100), area: 100, isCrowd: true },
    ],
    found: [
      { category: 0, box: box(0), score: 0.9 },
      { category: 1, box: box(50), score: 0.8 },
      { category: 0, box: box(200), score: 0.7 },
      { category: 1, box: box(100), score: 0.6 },
    ],
  };

  it('is best where wrong findings are left out', () => {
    const [[ranked]] = rankFindings([picture], 2, 'boxes');
    expect(bestOperatingPoint(ranked)).toEqual({ threshold: 0.9, precision: 1, recall: 0.5, f1: 2 / 3 });
  });

  it('says what was taken for what', () => {
    expect(countConfusions([picture], [0, 0], 'boxes')).toEqual([
      [1, 1, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(countConfusions([picture], [0.85, 0.85], 'boxes')[0]).toEqual([1, 0, 1]);
  });

  it('compares a referred object, and nothing with it', () => {
    const whole = { width: 4, height: 1, counts: [0, 4] };
    const half = { width: 4, height: 1, counts: [0, 2, 2] };
    expect(referringOverlap({ box: box(0), mask: half }, { box: box(5), mask: whole })).toEqual({
      maskIou: 0.5,
      boxIou: expect.closeTo(1 / 3, 12) as number,
    });
    expect(referringOverlap(undefined, { box: box(0), mask: whole })).toEqual({ maskIou: 0, boxIou: 0 });
  });
});
