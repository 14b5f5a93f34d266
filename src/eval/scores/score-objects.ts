import { classPrecision, rankFindings } from '../../metrics/objects/average-precision.js';
import { cocoScores, meanPrecision, weightedAp } from '../../metrics/objects/coco-scores.js';
import { countConfusions } from '../../metrics/objects/count-confusions.js';
import type { PictureObjects } from '../../metrics/objects/object-truth.js';
import { bestOperatingPoint, type OperatingPoint } from '../../metrics/objects/operating-point.js';
import type { ObjectShape } from '../../metrics/objects/overlaps.js';
import type { Answered } from '../answered.js';
import type { Scoring } from './scoring.js';
import { toPictureObjects } from './to-picture-objects.js';

/** What a class is worth. */
export interface ClassScore {
  readonly label: string;
  /** Objects to be found. */
  readonly wanted: number;
  /** Mean over the overlaps; undefined where nothing is to be found. */
  readonly ap: number | undefined;
  readonly ap50: number | undefined;
  /** At the score with the best F1, at an overlap of .5. */
  readonly best: OperatingPoint | undefined;
}

/** Average precision, class by class. */
export interface ObjectScoring extends Scoring {
  readonly classes: readonly ClassScore[];
  /** [labels + 1][labels + 1], truth by finding, at each class's best score; the last of each is nothing. */
  readonly confusion: readonly (readonly number[])[];
}

const TITLES = {
  ap50: 'AP at .50',
  ap75: 'AP at .75',
  apSmall: 'AP of small objects',
  apMedium: 'AP of medium objects',
  apLarge: 'AP of large objects',
  ar1: 'recall with 1 finding',
  ar10: 'recall with 10 findings',
  ar100: 'recall with 100 findings',
} as const;

/** @param answered all with objects as truth. */
export function scoreObjects(
  shape: ObjectShape,
  answered: readonly Answered[],
  labels: readonly string[],
): ObjectScoring {
  const pictures = answered.map((one) => toPictureObjects(one, labels));
  const ranked = rankFindings(pictures, labels.length, shape);
  const all = cocoScores(ranked);
  const classes = ranked.map(([inAll], i): ClassScore => {
    const precision = classPrecision(inAll);
    return {
      label: labels[i],
      wanted: inAll.wanted.reduce((sum, count) => sum + count, 0),
      ap: precision && meanPrecision(precision),
      ap50: precision?.precisions[0],
      best: bestOperatingPoint(inAll),
    };
  });
  const thresholds = classes.map(({ best }) => best?.threshold ?? 0);
  return {
    statistic: (weights) => weightedAp(ranked, weights),
    size: pictures.length,
    scores: pictures.map((picture) => pictureF1(picture, labels.length, shape)),
    parts: Object.entries(TITLES).map(([name, title]) => ({
      title,
      value: all[name as keyof typeof TITLES],
    })),
    classes,
    confusion: countConfusions(pictures, thresholds, shape),
  };
}

/** F1 of one picture at an overlap of .5 with all its findings; 1 where there is nothing and nothing was found. */
function pictureF1(picture: PictureObjects, classes: number, shape: ObjectShape): number {
  const counts = countConfusions([picture], new Array<number>(classes).fill(0), shape);
  const right = counts.slice(0, classes).reduce((sum, row, i) => sum + row[i], 0);
  const wanted = counts.slice(0, classes).reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  const found = counts.reduce((sum, row) => sum + row.slice(0, classes).reduce((a, b) => a + b, 0), 0);
  return wanted + found === 0 ? 1 : (2 * right) / (wanted + found);
}
