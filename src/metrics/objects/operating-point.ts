import type { RankedFindings } from './average-precision.js';
import { verdicts } from './match-objects.js';

/** What a class is worth when findings below a score are left out. */
export interface OperatingPoint {
  /** Lowest score that is kept. */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/**
 * The score threshold with the highest F1 at an overlap of .5, and precision and recall there.
 * @returns undefined where nothing is to be found, or nothing was.
 */
export function bestOperatingPoint(ranked: RankedFindings): OperatingPoint | undefined {
  const wanted = ranked.wanted.reduce((sum, count) => sum + count, 0);
  let best: OperatingPoint | undefined;
  let [right, wrong] = [0, 0];
  for (let d = 0; wanted > 0 && d < ranked.scores.length; d++) {
    const verdict = ranked.verdicts[d];
    if (verdict === verdicts.right) right++;
    else if (verdict === verdicts.wrong) wrong++;
    // Equal scores are kept or left out together.
    if (ranked.scores[d + 1] === ranked.scores[d] || right + wrong === 0) continue;
    const f1 = (2 * right) / (right + wrong + wanted);
    if (best !== undefined && f1 <= best.f1) continue;
    best = { threshold: ranked.scores[d], precision: right / (right + wrong), recall: right / wanted, f1 };
  }
  return best;
}
