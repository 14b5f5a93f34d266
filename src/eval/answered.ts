import type { Box, Size } from '../base/geometry.js';
import type { MaskRuns } from '../metrics/objects/mask-runs.js';
import type { Example } from './example.js';

/** What a model answered about an example. */
export interface Answer {
  /** Of a task that answers in words. */
  readonly text: string;
  readonly objects: readonly AnsweredObject[];
  /** The picture's, pixels; where nobody knows it, truth in shares or polygons cannot be compared. */
  readonly size?: Size;
}

/** An object that a model found. */
export interface AnsweredObject {
  readonly label: string;
  /** Pixels. */
  readonly box: Box;
  readonly mask?: MaskRuns;
  readonly score: number;
}

/** An example with its answer. */
export interface Answered {
  readonly example: Example;
  readonly answer: Answer;
}
