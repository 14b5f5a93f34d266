import { UsageError } from '../../base/errors.js';
import type { Answered } from '../answered.js';
import type { Example, Truth } from '../example.js';
import { metricTitles, type MetricName } from '../metric-name.js';
import { scoreCaptions } from './score-captions.js';
import { scoreObjects, type ObjectScoring } from './score-objects.js';
import { scoreReferring } from './score-referring.js';
import { scoreTexts } from './score-texts.js';
import type { Scoring } from './scoring.js';

/** What kind of truth a metric compares with. */
export function truthOf(metric: MetricName): Truth['kind'] {
  if (metric === 'boxes' || metric === 'masks') return 'objects';
  return metric === 'referring' ? 'referred' : 'text';
}

/** Whether a scoring has classes. */
export function hasClasses(scoring: Scoring): scoring is ObjectScoring {
  return 'classes' in scoring;
}

/**
 * @throws {UsageError} no example has a truth that the metric compares with.
 */
export function checkMetricFits(metric: MetricName, examples: readonly Example[]): void {
  const kind = truthOf(metric);
  if (examples.length === 0 || examples.some(({ truth }) => truth.kind === kind)) return;
  throw new UsageError('METRIC_UNFIT', `${metricTitles[metric]} (${metric}) does not fit this data set.`, {
    hint: 'Leave out --metric: each data set has its own.',
  });
}

/**
 * Measure answers. Only those whose truth is of the metric's kind are looked at; `scores` are in their order.
 *
 * @param labels the data set's classes.
 * @throws {UsageError} none of the answers has a truth that this metric compares with.
 */
export function scoreMetric(
  metric: MetricName,
  answered: readonly Answered[],
  labels: readonly string[],
): Scoring {
  const fitting = answersFor(metric, answered);
  checkMetricFits(
    metric,
    answered.map(({ example }) => example),
  );
  if (metric === 'cider' || metric === 'bleu') return scoreCaptions(metric, fitting);
  if (metric === 'boxes' || metric === 'masks') return scoreObjects(metric, fitting, labels);
  return metric === 'referring' ? scoreReferring(fitting) : scoreTexts(metric, fitting);
}

/** The answers that a metric looks at. */
export function answersFor(metric: MetricName, answered: readonly Answered[]): Answered[] {
  const kind = truthOf(metric);
  return answered.filter(({ example }) => example.truth.kind === kind);
}
