import type { Answered } from '../../eval/answered.js';
import type { EvalReport } from '../../eval/eval-report.js';
import { toReportObject } from '../../eval/report-object.js';
import { renderReportPage } from '../../eval/report-page.js';
import { toReportTable } from '../../eval/report-table.js';
import type { ReportOptions } from '../options/eval-options.js';
import { openFile, openStdout } from './open-sink.js';

/** Write a report to stdout, or to a file that appears whole or not at all. */
export async function writeReport(
  report: EvalReport,
  answered: readonly Answered[],
  { format, output }: Pick<ReportOptions, 'format' | 'output'>,
  signal: AbortSignal,
): Promise<void> {
  const sink = output === undefined ? openStdout(signal) : await openFile(output);
  let isKept = false;
  try {
    await sink.write(await render(report, answered, format));
    isKept = true;
  } finally {
    await sink.close(isKept ? 'keep' : 'discard');
  }
}

async function render(
  report: EvalReport,
  answered: readonly Answered[],
  format: ReportOptions['format'],
): Promise<string> {
  if (format === 'table') return toReportTable(report);
  if (format === 'html') return renderReportPage(report, answered);
  return `${JSON.stringify(toReportObject(report), null, 2)}\n`;
}
