import { boxIou, type Box } from '../../base/geometry.js';
import { maskArea, sharedArea, type MaskRuns } from './mask-runs.js';

/** The first object of an answer to an expression such as `the dog on the left`. */
export interface ReferredObject {
  readonly box: Box;
  readonly mask?: MaskRuns;
}

/** How close an answer is, each 0 to 1. */
export interface ReferringOverlap {
  readonly maskIou: number;
  readonly boxIou: number;
}

/**
 * RefCOCO's numbers for one expression (big_vision `segmentation.py`): overlap of the masks over the whole picture, and
 * of the boxes. An answer without a valid object is 0. The card's mIoU is the mean of `maskIou` over all expressions,
 * box accuracy the share whose `boxIou` is at least .5.
 */
export function referringOverlap(
  answer: ReferredObject | undefined,
  truth: ReferredObject,
): ReferringOverlap {
  if (answer === undefined) return { maskIou: 0, boxIou: 0 };
  return { maskIou: maskOverlap(answer.mask, truth.mask), boxIou: boxIou(answer.box, truth.box) };
}

function maskOverlap(answer: MaskRuns | undefined, truth: MaskRuns | undefined): number {
  if (answer === undefined || truth === undefined) return 0;
  const shared = sharedArea(answer, truth);
  const all = maskArea(answer) + maskArea(truth) - shared;
  return all === 0 ? 0 : shared / all;
}
