import type { PictureObjects } from './object-truth.js';
import { overlap, type ObjectShape } from './overlaps.js';

/** Least overlap of a pair. */
const LEAST = 0.5;

/**
 * What is taken for what: pairs of a marked object and a finding, best overlap first and whatever their classes, each
 * in one pair at most. Crowds and what lies in one are left out.
 *
 * @param thresholds the lowest score of each class that counts.
 * @returns [classes + 1][classes + 1], truth by finding; the last row is of findings without an object, the last column
 * of objects that were not found.
 */
export function countConfusions(
  pictures: readonly PictureObjects[],
  thresholds: readonly number[],
  shape: ObjectShape,
): number[][] {
  const classes = thresholds.length;
  const counts = Array.from({ length: classes + 1 }, () => new Array<number>(classes + 1).fill(0));
  for (const picture of pictures) {
    const found = picture.found.filter(({ category, score }) => score >= thresholds[category]);
    const pairs = picture.truths
      .flatMap((truth, g) => found.map((one, d) => ({ g, d, value: overlap(one, truth, shape) })))
      .filter(({ value }) => value >= LEAST)
      .sort((a, b) => b.value - a.value);
    const truthOf = new Map<number, number>();
    const inCrowd = new Set<number>();
    const taken = new Set<number>();
    for (const { g, d } of pairs) {
      if (picture.truths[g].isCrowd) inCrowd.add(d);
      else if (!taken.has(g) && !truthOf.has(d)) {
        taken.add(g);
        truthOf.set(d, g);
      }
    }
    picture.truths.forEach(({ category, isCrowd }, g) => {
      if (!isCrowd && !taken.has(g)) counts[category][classes]++;
    });
    found.forEach(({ category }, d) => {
      const g = truthOf.get(d);
      if (g !== undefined) counts[picture.truths[g].category][category]++;
      else if (!inCrowd.has(d)) counts[classes][category]++;
    });
  }
  return counts;
}
