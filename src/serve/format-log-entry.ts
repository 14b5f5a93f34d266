import { stripControl } from '../base/strip-control.js';
import type { LogEntry } from './serve-context.js';

/** One request as a line: time, method, route, status, milliseconds, then what else is known about it. */
export function formatLogEntry(
  { time, method, route, status, durationMs, facts }: LogEntry,
  form: 'text' | 'json',
): string {
  const ms = Math.round(durationMs);
  // Paths come from outside and cannot be trusted.
  const shown = stripControl(route).replace(/\s/g, ' ').slice(0, 200);
  if (form === 'json') {
    return JSON.stringify({
      time: time.toISOString(),
      method,
      route: shown,
      status,
      durationMs: ms,
      ...facts,
    });
  }
  const { task, model, pictures, tokens, error } = facts;
  const words = [
    time.toISOString(),
    method,
    shown,
    status,
    `${ms} ms`,
    task,
    model,
    pictures === undefined ? undefined : `${pictures} ${pictures === 1 ? 'picture' : 'pictures'}`,
    tokens === undefined ? undefined : `${tokens} tokens`,
    error === undefined ? undefined : stripControl(error),
  ];
  return words.filter((word) => word !== undefined).join('  ');
}
