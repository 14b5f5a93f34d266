import { stripControl } from '../base/strip-control.js';
import type { Interval } from '../metrics/statistics/bootstrap.js';
import type { ChangeReport, EvalReport, MetricReport } from './eval-report.js';

/** Classes and changes that a table names. */
const MOST_ROWS = 20;

/** A report for people: numbers times 100, each metric with its interval of 95 %. */
export function toReportTable(report: EvalReport): string {
  const { dataset, model, answered, failed } = report;
  const head = [
    `${dataset.kind}, ${dataset.path}: ${answered} examples${failed > 0 ? `, ${failed} without an answer` : ''}`,
    ...(model === undefined ? [] : [`${model.name} ${model.dtype} on ${model.device}`]),
  ];
  const body = report.metrics.map((metric) => formatMetric(metric).join('\n'));
  return `${[head.map(clean).join('\n'), ...body].join('\n\n')}\n`;
}

function formatMetric(metric: MetricReport): string[] {
  const { title, value, interval, size, parts, groups, classes, confusion, change } = metric;
  const rows = [
    [title, show(value), showInterval(interval), `n ${size}`],
    ...groups.map((group) => [
      `  ${group.group}`,
      show(group.value),
      showInterval(group.interval),
      `n ${group.size}`,
    ]),
    ...parts.map((part) => [`  ${part.title}`, show(part.value), '', '']),
  ];
  const lines = formatRows(rows);
  const named = (classes ?? []).filter(({ wanted }) => wanted > 0);
  if (named.length > 0) {
    const table = named
      .slice(0, MOST_ROWS)
      .map(({ label, wanted, ap, ap50, best }) => [
        label,
        String(wanted),
        show(ap),
        show(ap50),
        show(best?.precision),
        show(best?.recall),
        best === undefined ? '-' : best.threshold.toFixed(3),
      ]);
    const head = ['class', 'objects', 'AP', 'AP .50', 'precision', 'recall', 'from score'];
    lines.push('', ...formatRows([head, ...table]), ...more(named.length));
  }
  const mixed =
    (classes?.length ?? 0) > 1
      ? formatConfusions(
          classes!.map(({ label }) => label),
          confusion ?? [],
        )
      : [];
  if (mixed.length > 0) lines.push('', 'taken for another:', ...mixed);
  return change === undefined ? lines : [...lines, '', ...formatChange(change)];
}

function formatChange({ difference, interval, before, size, most }: ChangeReport): string[] {
  const sign = (difference ?? 0) > 0 ? '+' : '';
  const lines = formatRows([
    ['before', show(before), '', `n ${size}`],
    ['difference', `${sign}${show(difference)}`, showInterval(interval), ''],
  ]);
  if (most.length === 0) return [...lines, 'No example changed its score.'];
  const rows = most.slice(0, MOST_ROWS).map(({ id, before, score }) => [id, show(before), '->', show(score)]);
  return [...lines, '', 'changed most:', ...formatRows(rows)];
}

/** The largest numbers beside the diagonal. */
function formatConfusions(labels: readonly string[], confusion: readonly (readonly number[])[]): string[] {
  const pairs = labels.flatMap((truth, g) =>
    labels.flatMap((found, d) =>
      g === d || confusion[g][d] === 0 ? [] : [{ truth, found, count: confusion[g][d] }],
    ),
  );
  const rows = pairs
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_ROWS)
    .map(({ truth, found, count }) => [truth, 'for', found, String(count)]);
  return formatRows(rows);
}

function more(total: number): string[] {
  return total > MOST_ROWS ? [`... and ${total - MOST_ROWS} more: --format json has all.`] : [];
}

function formatRows(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(clean));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  return cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}

/** Labels and ids come from files. */
function clean(text: string): string {
  return stripControl(text).replaceAll('\n', ' ').replaceAll('\t', ' ');
}

function show(value: number | undefined): string {
  return value === undefined ? '-' : (value * 100).toFixed(2);
}

function showInterval(interval: Interval | undefined): string {
  return interval === undefined ? '' : `[${show(interval.low)}, ${show(interval.high)}]`;
}
