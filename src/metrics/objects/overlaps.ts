import type { Box } from '../../base/geometry.js';
import { maskArea, sharedArea } from './mask-runs.js';
import type { FoundObject, TrueObject } from './object-truth.js';

/** What is compared. */
export type ObjectShape = 'boxes' | 'masks';

/**
 * How much a finding and a marked object are the same, 0 to 1, as pycocotools computes it: shared area by the area of
 * both together, and for a crowd by the area of the finding alone. Masks of objects whose boxes do not touch share
 * nothing.
 */
export function overlap(found: FoundObject, truth: TrueObject, shape: ObjectShape): number {
  if (shape === 'boxes') return boxOverlap(found.box, truth.box, truth.isCrowd);
  if (found.mask === undefined || truth.mask === undefined) return 0;
  const shared = sharedArea(found.mask, truth.mask);
  if (shared === 0) return 0;
  const area = maskArea(found.mask);
  return shared / (truth.isCrowd ? area : area + maskArea(truth.mask) - shared);
}

function boxOverlap(found: Box, truth: Box, isCrowd: boolean): number {
  const width = Math.min(found.x1, truth.x1) - Math.max(found.x0, truth.x0);
  const height = Math.min(found.y1, truth.y1) - Math.max(found.y0, truth.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const area = boxArea(found);
  return shared / (isCrowd ? area : area + boxArea(truth) - shared);
}

/** Pixels in a box. */
export function boxArea(box: Box): number {
  return (box.x1 - box.x0) * (box.y1 - box.y0);
}
