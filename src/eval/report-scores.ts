import { bootstrapInterval, differenceOf, meanOf, type Interval } from '../metrics/statistics/bootstrap.js';
import type { Answered } from './answered.js';
import type { ChangeReport, ExampleScore, GroupReport, MetricReport } from './eval-report.js';
import { metricTitles, type MetricName } from './metric-name.js';
import { answersFor, hasClasses, scoreMetric } from './scores/score-metric.js';
import type { ScorePart, Scoring } from './scores/scoring.js';

/** Average precision is costly to draw again. */
const OBJECT_DRAWS = 200;
/** Examples that are named as the worst, and as those that changed most. */
const NAMED = 24;

/**
 * Measure a run, and what changed from another one.
 *
 * @param before answers of the other run, to examples with the same ids.
 * @throws {UsageError} the metric does not fit the data set.
 */
export function reportMetric(
  metric: MetricName,
  answered: readonly Answered[],
  labels: readonly string[],
  before?: readonly Answered[],
): MetricReport {
  const fitting = answersFor(metric, answered);
  const scoring = scoreMetric(metric, answered, labels);
  const groups = reportGroups(metric, fitting, labels);
  return {
    metric,
    title: metricTitles[metric],
    value: scoring.statistic(),
    interval: drawInterval(metric, scoring),
    size: scoring.size,
    parts: [...scoring.parts, ...meanOfGroups(groups)],
    groups,
    ...(hasClasses(scoring) && { classes: scoring.classes, confusion: scoring.confusion }),
    ...(before && { change: reportChange(metric, fitting, answersFor(metric, before), labels) }),
    worst: toScores(fitting, scoring)
      .filter(({ score }) => metric === 'cider' || score < 1)
      .sort((a, b) => a.score - b.score)
      .slice(0, NAMED),
  };
}

function reportGroups(
  metric: MetricName,
  answered: readonly Answered[],
  labels: readonly string[],
): GroupReport[] {
  const groups = [...new Set(answered.flatMap(({ example }) => example.group ?? []))];
  if (groups.length < 2) return [];
  return groups.map((group) => {
    const scoring = scoreMetric(
      metric,
      answered.filter(({ example }) => example.group === group),
      labels,
    );
    return { group, value: scoring.statistic(), interval: drawInterval(metric, scoring), size: scoring.size };
  });
}

/** ChartQA's row on the card is such a mean. */
function meanOfGroups(groups: readonly GroupReport[]): ScorePart[] {
  if (groups.length === 0) return [];
  return [{ title: 'mean of the groups', value: meanOf(groups.map(({ value }) => value ?? 0))() }];
}

function reportChange(
  metric: MetricName,
  after: readonly Answered[],
  before: readonly Answered[],
  labels: readonly string[],
): ChangeReport {
  const known = new Map(before.map((one) => [one.example.id, one]));
  const both = after.filter(({ example }) => known.has(example.id));
  const scored = scoreMetric(metric, both, labels);
  const earlier = scoreMetric(
    metric,
    both.map(({ example }) => known.get(example.id)!),
    labels,
  );
  const difference = differenceOf(scored.statistic, earlier.statistic);
  const most = toScores(both, scored)
    .map((one, i) => ({ ...one, before: earlier.scores[i] }))
    .filter((one) => one.score !== one.before)
    .sort((a, b) => Math.abs(b.score - b.before) - Math.abs(a.score - a.before));
  return {
    difference: difference(),
    interval: bootstrapInterval(difference, { size: scored.size, ...drawsOf(metric) }),
    before: earlier.statistic(),
    size: both.length,
    most: most.slice(0, NAMED),
  };
}

function toScores(answered: readonly Answered[], { scores }: Scoring): ExampleScore[] {
  return answered.map(({ example }, i) => ({ id: example.id, score: scores[i] }));
}

function drawInterval(metric: MetricName, { statistic, size }: Scoring): Interval | undefined {
  return bootstrapInterval(statistic, { size, ...drawsOf(metric) });
}

function drawsOf(metric: MetricName): { draws?: number } {
  return metric === 'boxes' || metric === 'masks' ? { draws: OBJECT_DRAWS } : {};
}
