import type { MetricName } from './metric-name.js';
import type { Example, FaultyExample } from './example.js';

/** Examples from one place, in its order. */
export interface Dataset {
  /** What it was found to be, for people: `COCO instances`. */
  readonly kind: string;
  readonly examples: readonly (Example | FaultyExample)[];
  /** What is looked for, where objects are: its classes in their order. */
  readonly labels: readonly string[];
  /** Labels by the number that results call them: COCO’s categories; by their place where absent. */
  readonly categories?: ReadonlyMap<number, string>;
  /** What it is measured with unless the user says otherwise. */
  readonly metrics: readonly MetricName[];
}
