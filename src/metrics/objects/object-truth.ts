import type { Box } from '../../base/geometry.js';
import type { MaskRuns } from './mask-runs.js';

/** An object that a person marked. */
export interface TrueObject {
  /** Number of its class, from 0. */
  readonly category: number;
  readonly box: Box;
  /** Where masks are compared. */
  readonly mask?: MaskRuns;
  /** Pixels that count as its size: COCO's `area`. */
  readonly area: number;
  /** Several things marked as one: may be found any number of times, and need not be. */
  readonly isCrowd: boolean;
}

/** An object that a model found. */
export interface FoundObject {
  readonly category: number;
  readonly box: Box;
  readonly mask?: MaskRuns;
  /** Those with the highest count first. */
  readonly score: number;
}

/** Truth and findings of one picture. */
export interface PictureObjects {
  readonly truths: readonly TrueObject[];
  readonly found: readonly FoundObject[];
}
