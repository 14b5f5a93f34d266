import type { GreedyAnswer } from './decode-greedily.mjs';
import { largestDifference } from './largest-difference.js';
import type { ReferenceLine } from './reference-golden.js';

/**
 * What float32 on another machine may differ by (fixtures/reference/README.md, "Tolerances"): image features,
 * logits and log sums of exponentials; and the margin below which two tokens count as tied.
 */
export const tolerances = {
  paligemma: { features: 3e-5, logits: 4e-4, tie: 1e-3 },
  paligemma2: { features: 3e-5, logits: 4e-3, tie: 1e-2 },
} as const;

/** How far an answer is from the reference. */
export interface Comparison {
  /** Of the 20 best first logits, and of each chosen token's. */
  readonly logits: number;
  readonly logSumExp: number;
  /** Steps compared: up to the first near-tie or the end of the shorter answer. */
  readonly steps: number;
  /** The first step with another token, before any near-tie. */
  readonly wrongAt: number | undefined;
}

/** @param steps of the reference that the answer was given room for. */
export function compareWithReference(
  line: ReferenceLine,
  answer: GreedyAnswer,
  tie: number,
  steps = line.steps.ids.length,
): Comparison {
  const first = answer.steps[0];
  const best = line.first_logits.top20_ids.map((id) => first.topValues[first.topIds.indexOf(id)]);
  let logits = largestDifference(best, line.first_logits.top20_values);
  let logSumExp = Math.abs(first.logSumExp - line.first_logits.lse);
  for (let step = 0; step < steps; step++) {
    if (line.steps.margins[step] < tie) return { logits, logSumExp, steps: step, wrongAt: undefined };
    if (answer.ids[step] !== line.steps.ids[step]) return { logits, logSumExp, steps: step, wrongAt: step };
    const said = answer.steps[step];
    logits = Math.max(logits, Math.abs(said.topValues[0] - line.steps.logits[step]));
    logSumExp = Math.max(logSumExp, Math.abs(said.logSumExp - line.steps.lse[step]));
  }
  return { logits, logSumExp, steps, wrongAt: undefined };
}
