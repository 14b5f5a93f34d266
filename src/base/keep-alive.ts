import { UsageError } from './errors.js';

const UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Whether a text says how long a model stays in memory. */
export function isKeepAlive(text: string): boolean {
  return text === '-1' || /^\d+(\.\d+)?(ms|s|m|h|d)?$/.test(text);
}

/**
 * `5m`, `90s`, `1h`, a number of seconds, 0 (not at all), -1 (for ever).
 * @returns milliseconds; -1 for ever.
 * @throws {UsageError} it is something else.
 */
export function readKeepAlive(text: string, what: string): number {
  if (text === '-1') return -1;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (number !== undefined) return Math.round(Number(number) * UNITS[unit]);
  throw new UsageError('OPTION_VALUE', `${what} cannot be '${text}'.`, {
    hint: 'It is a time such as 30s, 5m or 1h; 0 for not at all, -1 for ever.',
  });
}
