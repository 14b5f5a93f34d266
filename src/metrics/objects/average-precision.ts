import {
  AREA_RANGES,
  MAX_FOUND,
  OVERLAP_THRESHOLDS,
  matchObjects,
  verdicts,
  type MatchedPicture,
} from './match-objects.js';
import type { FoundObject, PictureObjects, TrueObject } from './object-truth.js';
import type { ObjectShape } from './overlaps.js';

/** Recalls at which precision is read: 0, .01 ... 1. */
const RECALLS = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));
/** What numpy adds so that nothing is divided by 0. */
const SPACING = 2 ** -52;

/** The findings of one class in one range of areas, from all pictures. */
export interface RankedFindings {
  /** Highest first; those of equal score in the order of the pictures. */
  readonly scores: Float64Array;
  /** The picture that each is in. */
  readonly pictures: Int32Array;
  /** Its place among those of its picture, from 0. */
  readonly ranks: Uint8Array;
  /** [thresholds, findings]: one of `verdicts` each. */
  readonly verdicts: Uint8Array;
  /** Objects to be found in each picture. */
  readonly wanted: Uint32Array;
}

/** Precision and recall of one class. */
export interface ClassPrecision {
  /** Mean precision over the recalls, at each overlap threshold. */
  readonly precisions: Float64Array;
  /** Largest recall at each. */
  readonly recalls: Float64Array;
}

/**
 * Compare all pictures' findings with the truth.
 * @param pictures in the order of COCO's image ids, which decides between equal scores.
 * @param classes how many there are.
 * @returns [classes][areas], as AREA_RANGES.
 */
export function rankFindings(
  pictures: readonly PictureObjects[],
  classes: number,
  shape: ObjectShape,
): RankedFindings[][] {
  const matched = Array.from({ length: classes }, () => new Map<number, MatchedPicture[]>());
  pictures.forEach((picture, i) => {
    for (const [category, objects] of byClass(picture)) {
      const ofPicture = matchObjects(objects, shape);
      if (ofPicture !== undefined) matched[category].set(i, ofPicture);
    }
  });
  return matched.map((ofClass) => AREA_RANGES.map((_, area) => rankOne(ofClass, area, pictures.length)));
}

/**
 * Average precision and recall of a class, as pycocotools' `accumulate` computes them.
 *
 * @param limit findings of a picture that count, best first.
 * @param weights how often each picture counts; once where absent.
 * @returns undefined where there is nothing to be found.
 */
export function classPrecision(
  ranked: RankedFindings,
  limit: number = MAX_FOUND,
  weights?: ArrayLike<number>,
): ClassPrecision | undefined {
  const wanted = ranked.wanted.reduce((sum, count, i) => sum + count * (weights?.[i] ?? 1), 0);
  if (wanted === 0) return undefined;
  const total = ranked.scores.length;
  const precisions = new Float64Array(OVERLAP_THRESHOLDS.length);
  const recalls = new Float64Array(OVERLAP_THRESHOLDS.length);
  const precision = new Float64Array(total);
  const recall = new Float64Array(total);
  for (let t = 0; t < OVERLAP_THRESHOLDS.length; t++) {
    let [right, wrong, count] = [0, 0, 0];
    for (let d = 0; d < total; d++) {
      if (ranked.ranks[d] >= limit) continue;
      const weight = weights?.[ranked.pictures[d]] ?? 1;
      if (weight === 0) continue;
      const verdict = ranked.verdicts[t * total + d];
      if (verdict === verdicts.right) right += weight;
      else if (verdict === verdicts.wrong) wrong += weight;
      recall[count] = right / wanted;
      precision[count++] = right / (wrong + right + SPACING);
    }
    for (let d = count - 1; d > 0; d--) precision[d - 1] = Math.max(precision[d - 1], precision[d]);
    let sum = 0;
    let place = 0;
    for (const least of RECALLS) {
      while (place < count && recall[place] < least) place++;
      if (place === count) break;
      sum += precision[place];
    }
    precisions[t] = sum / RECALLS.length;
    recalls[t] = count === 0 ? 0 : recall[count - 1];
  }
  return { precisions, recalls };
}

function byClass({ truths, found }: PictureObjects): Map<number, PictureObjects> {
  const classes = new Map<number, { truths: TrueObject[]; found: FoundObject[] }>();
  const of = (category: number): { truths: TrueObject[]; found: FoundObject[] } => {
    const known = classes.get(category) ?? { truths: [], found: [] };
    classes.set(category, known);
    return known;
  };
  for (const truth of truths) of(truth.category).truths.push(truth);
  for (const one of found) of(one.category).found.push(one);
  return classes;
}

function rankOne(
  matched: ReadonlyMap<number, MatchedPicture[]>,
  area: number,
  pictures: number,
): RankedFindings {
  const wanted = new Uint32Array(pictures);
  const findings: { score: number; picture: number; rank: number }[] = [];
  for (const [picture, areas] of matched) {
    wanted[picture] = areas[area].wanted;
    areas[area].scores.forEach((score, rank) => findings.push({ score, picture, rank }));
  }
  findings.sort((a, b) => b.score - a.score);
  const judged = new Uint8Array(OVERLAP_THRESHOLDS.length * findings.length);
  findings.forEach(({ picture, rank }, d) => {
    const { scores, verdicts: ofPicture } = matched.get(picture)![area];
    for (let t = 0; t < OVERLAP_THRESHOLDS.length; t++) {
      judged[t * findings.length + d] = ofPicture[t * scores.length + rank];
    }
  });
  return {
    scores: Float64Array.from(findings, ({ score }) => score),
    pictures: Int32Array.from(findings, ({ picture }) => picture),
    ranks: Uint8Array.from(findings, ({ rank }) => rank),
    verdicts: judged,
    wanted,
  };
}
