import type { MetricName } from './metric-name.js';
import type { Example, FaultyExample } from './example.js';

/** Examples from one place, in its order. */
export interface Dataset {
  /** What it was found to be, for people: `COCO instances`. */
  readonly kind: string;
  readonly examples: readonly (Example | FaultyExample)[];
  /** What is looked for, where objects are: its classes in their order. */
  readonly labels: readonly string[];
  /** COCO’s numbers of the labels. */
  readonly categories?: ReadonlyMap<number, string>;
  /** What it is measured with unless the user says otherwise. */
  readonly metrics: readonly MetricName[];
}

/** Labels by the number that results of COCO call them: its own, or their place from 0. */
export function numberedLabels({ categories, labels }: Dataset): ReadonlyMap<number, string> {
  return categories ?? new Map(labels.map((label, i) => [i, label]));
}
