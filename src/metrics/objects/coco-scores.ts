import { classPrecision, type ClassPrecision, type RankedFindings } from './average-precision.js';
import { OVERLAP_THRESHOLDS } from './match-objects.js';

/** COCO's twelve numbers, each 0 to 1; undefined where no object of that size is to be found. */
export interface CocoScores {
  /** Mean over the overlaps .50 to .95. */
  readonly ap: number | undefined;
  readonly ap50: number | undefined;
  readonly ap75: number | undefined;
  readonly apSmall: number | undefined;
  readonly apMedium: number | undefined;
  readonly apLarge: number | undefined;
  /** Recall with at most 1, 10 and 100 findings in a picture. */
  readonly ar1: number | undefined;
  readonly ar10: number | undefined;
  readonly ar100: number | undefined;
  readonly arSmall: number | undefined;
  readonly arMedium: number | undefined;
  readonly arLarge: number | undefined;
}

const AT_50 = 0;
const AT_75 = 5;

/**
 * The numbers that pycocotools' `summarize` prints: means over the classes that have something to be found.
 * @param ranked [classes][areas] of `rankFindings`.
 */
export function cocoScores(ranked: readonly (readonly RankedFindings[])[]): CocoScores {
  const inArea = (area: number, limit?: number): ClassPrecision[] => classes(ranked, area, limit);
  const [all, small, medium, large] = [0, 1, 2, 3].map((area) => inArea(area));
  return {
    ap: mean(all, meanPrecision),
    ap50: mean(all, ({ precisions }) => precisions[AT_50]),
    ap75: mean(all, ({ precisions }) => precisions[AT_75]),
    apSmall: mean(small, meanPrecision),
    apMedium: mean(medium, meanPrecision),
    apLarge: mean(large, meanPrecision),
    ar1: mean(inArea(0, 1), meanRecall),
    ar10: mean(inArea(0, 10), meanRecall),
    ar100: mean(all, meanRecall),
    arSmall: mean(small, meanRecall),
    arMedium: mean(medium, meanRecall),
    arLarge: mean(large, meanRecall),
  };
}

/** COCO's first number alone, with pictures counted as often as `weights` says; undefined where nothing is wanted. */
export function weightedAp(
  ranked: readonly (readonly RankedFindings[])[],
  weights?: ArrayLike<number>,
): number | undefined {
  return mean(classes(ranked, 0, undefined, weights), meanPrecision);
}

function classes(
  ranked: readonly (readonly RankedFindings[])[],
  area: number,
  limit?: number,
  weights?: ArrayLike<number>,
): ClassPrecision[] {
  return ranked.flatMap((ofClass) => classPrecision(ofClass[area], limit, weights) ?? []);
}

function mean(of: readonly ClassPrecision[], value: (one: ClassPrecision) => number): number | undefined {
  return of.length === 0 ? undefined : of.reduce((sum, one) => sum + value(one), 0) / of.length;
}

/** Mean over the overlap thresholds. */
export function meanPrecision({ precisions }: ClassPrecision): number {
  return precisions.reduce((sum, one) => sum + one, 0) / OVERLAP_THRESHOLDS.length;
}

function meanRecall({ recalls }: ClassPrecision): number {
  return recalls.reduce((sum, one) => sum + one, 0) / OVERLAP_THRESHOLDS.length;
}
