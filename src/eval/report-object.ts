import type { EvalReport, MetricReport } from './eval-report.js';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
const SCHEMA_VERSION = 1;
const DECIMALS = 6;

/** A report as `--format json` writes it: absent where it does not apply, shares 0 to 1 with 6 decimals. */
export function toReportObject(report: EvalReport): unknown {
  return round({ schemaVersion: SCHEMA_VERSION, ...report, metrics: report.metrics.map(withoutUnnamed) });
}

/** Classes without an object in truth and findings say nothing. */
function withoutUnnamed({ classes, ...metric }: MetricReport): unknown {
  return classes === undefined ? metric : { ...metric, classes: classes.filter(({ wanted }) => wanted > 0) };
}

function round(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(DECIMALS));
  if (Array.isArray(value)) return value.map(round);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, round(one)]),
  );
}
