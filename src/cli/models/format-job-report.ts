import type { JobReport } from '../../models/queue/run-worker.js';
import { stripControl } from '../../base/strip-control.js';

/** Characters of a job's id that tell it from others. */
const ID_LENGTH = 9;
const MAX_TEXT = 200;

/** One job as a line of a log. Prompts and errors come from outside. */
export function formatJobReport(report: JobReport, form: 'text' | 'json'): string {
  const { time, id, kind, tokens } = report;
  const [prompt, error] = [report.prompt, report.error].map(
    (text) => text && stripControl(text).replace(/\s+/g, ' ').slice(0, MAX_TEXT),
  );
  const durationMs = Math.round(report.durationMs);
  if (form === 'json')
    return JSON.stringify({ time: time.toISOString(), id, kind, prompt, durationMs, tokens, error });
  const words = [
    time.toISOString(),
    id.slice(0, ID_LENGTH),
    error === undefined ? 'answered' : 'failed',
    `${durationMs} ms`,
    prompt ?? kind,
    tokens === undefined ? undefined : `${tokens} tokens`,
    error,
  ];
  return words.filter((word) => word !== undefined).join('  ');
}
