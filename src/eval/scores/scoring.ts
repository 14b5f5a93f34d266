import type { Statistic } from '../../metrics/statistics/bootstrap.js';

/** What a metric says of some answers. */
export interface Scoring {
  /** The metric, with pictures counted as often as the weights say. */
  readonly statistic: Statistic;
  /** Things that are drawn for an interval: examples, or pairs of them. */
  readonly size: number;
  /** What each example contributes, by its place, 0 for the worst; only to compare examples with each other. */
  readonly scores: readonly number[];
  /** More numbers of the same metric. */
  readonly parts: readonly ScorePart[];
}

/** A number beside the metric. */
export interface ScorePart {
  readonly title: string;
  readonly value: number | undefined;
}
