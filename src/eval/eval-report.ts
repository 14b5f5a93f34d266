import type { Interval } from '../metrics/statistics/bootstrap.js';
import type { ClassScore } from './scores/score-objects.js';
import type { ScorePart } from './scores/scoring.js';
import type { MetricName } from './metric-name.js';

/** What a run over a data set came to. */
export interface EvalReport {
  readonly dataset: { readonly path: string; readonly kind: string };
  /** Absent for results of other programs. */
  readonly model?: { readonly name: string; readonly dtype: string; readonly device: string };
  /** Examples with an answer. */
  readonly answered: number;
  /** Examples without: pictures that cannot be read, truth that does not fit. */
  readonly failed: number;
  readonly metrics: readonly MetricReport[];
}

/** One metric. */
export interface MetricReport {
  readonly metric: MetricName;
  readonly title: string;
  /** 0 to 1; CIDEr 0 to 10. Undefined where there is nothing to measure. */
  readonly value: number | undefined;
  /** Holds the value of 95 of 100 data sets like this one. */
  readonly interval: Interval | undefined;
  /** Examples, or pairs of them. */
  readonly size: number;
  readonly parts: readonly ScorePart[];
  readonly groups: readonly GroupReport[];
  /** For boxes and masks. */
  readonly classes?: readonly ClassScore[];
  readonly confusion?: readonly (readonly number[])[];
  /** Where another run is compared with. */
  readonly change?: ChangeReport;
  /** The examples with the lowest scores, lowest first. */
  readonly worst: readonly ExampleScore[];
}

/** A part of the data set. */
export interface GroupReport {
  readonly group: string;
  readonly value: number | undefined;
  readonly interval: Interval | undefined;
  readonly size: number;
}

/** What changed from another run over the same examples. */
export interface ChangeReport {
  /** This run less the other one. */
  readonly difference: number | undefined;
  readonly interval: Interval | undefined;
  /** The other run, over the examples that both have. */
  readonly before: number | undefined;
  /** Examples that both have. */
  readonly size: number;
  /** Those that changed most, largest change first. */
  readonly most: readonly ExampleChange[];
}

/** An example's own score. */
export interface ExampleScore {
  readonly id: string;
  readonly score: number;
}

/** An example's own score in two runs. */
export interface ExampleChange extends ExampleScore {
  readonly before: number;
}
