import { maskArea } from './mask-runs.js';
import type { FoundObject, PictureObjects, TrueObject } from './object-truth.js';
import { boxArea, overlap, type ObjectShape } from './overlaps.js';

/** Overlaps from which on a finding is the object: .50, .55 ... .95, in numpy's `linspace`. */
export const OVERLAP_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);
/** Areas in pixels, both ends included: all, small, medium, large. */
export const AREA_RANGES = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
] as const;
/** Findings of a class in a picture that count. */
export const MAX_FOUND = 100;

/** What a finding is at an overlap threshold. */
export const verdicts = {
  wrong: 0,
  right: 1,
  /** It found a crowd or an object of another size, or is itself of another size. */
  ignored: 2,
} as const;

/** Truth and findings of one class in one picture and one range of areas, compared. */
export interface MatchedPicture {
  /** Highest first. */
  readonly scores: readonly number[];
  /** [thresholds, findings]: one of `verdicts` each. */
  readonly verdicts: Uint8Array;
  /** Objects to be found. */
  readonly wanted: number;
}

/**
 * Compare findings with truth as pycocotools' `evaluateImg` does: in order of their scores findings take the object
 * that overlaps most, no object twice but a crowd; crowds and objects outside the range of areas come last.
 *
 * @param objects of one class in one picture.
 * @returns one for each of AREA_RANGES; undefined where there is nothing at all.
 */
export function matchObjects(
  { truths, found }: PictureObjects,
  shape: ObjectShape,
): MatchedPicture[] | undefined {
  if (truths.length === 0 && found.length === 0) return undefined;
  const best = [...found].sort((a, b) => b.score - a.score).slice(0, MAX_FOUND);
  const overlaps = best.map((one) => truths.map((truth) => overlap(one, truth, shape)));
  const areas = best.map((one) => foundArea(one, shape));
  return AREA_RANGES.map((range) => matchInRange(truths, best, overlaps, areas, range));
}

function matchInRange(
  truths: readonly TrueObject[],
  found: readonly FoundObject[],
  overlaps: readonly (readonly number[])[],
  areas: readonly number[],
  [smallest, largest]: readonly [number, number],
): MatchedPicture {
  const isOutside = (area: number): boolean => area < smallest || area > largest;
  const isIgnored = truths.map(({ isCrowd, area }) => isCrowd || isOutside(area));
  const order = truths.map((_, i) => i).sort((a, b) => Number(isIgnored[a]) - Number(isIgnored[b]));
  const judged = new Uint8Array(OVERLAP_THRESHOLDS.length * found.length);
  OVERLAP_THRESHOLDS.forEach((threshold, t) => {
    const isTaken = new Uint8Array(truths.length);
    found.forEach((_, d) => {
      let least = Math.min(threshold, 1 - 1e-10);
      let match = -1;
      for (const g of order) {
        if (isTaken[g] === 1 && !truths[g].isCrowd) continue;
        if (match !== -1 && !isIgnored[match] && isIgnored[g]) break;
        if (overlaps[d][g] < least) continue;
        least = overlaps[d][g];
        match = g;
      }
      const place = t * found.length + d;
      if (match === -1) judged[place] = isOutside(areas[d]) ? verdicts.ignored : verdicts.wrong;
      else {
        isTaken[match] = 1;
        judged[place] = isIgnored[match] ? verdicts.ignored : verdicts.right;
      }
    });
  });
  const wanted = isIgnored.filter((ignored) => !ignored).length;
  return { scores: found.map(({ score }) => score), verdicts: judged, wanted };
}

function foundArea(found: FoundObject, shape: ObjectShape): number {
  return shape === 'masks' && found.mask !== undefined ? maskArea(found.mask) : boxArea(found.box);
}
