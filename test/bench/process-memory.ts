import { readFileSync } from 'node:fs';

/**
 * Memory of this process from Linux, MB: the largest so far (`peak`), and now: what is its own (`anonymous`)
 * and what is mapped from files and can be dropped at any time (`mapped`). NaN elsewhere.
 */
export function readMemory(): { peak: number; anonymous: number; mapped: number } {
  let status = '';
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch {
    // Not Linux.
  }
  const read = (key: string): number => {
    const value = new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1];
    return value === undefined ? NaN : Math.round(Number(value) / 1000);
  };
  return { peak: read('VmHWM'), anonymous: read('RssAnon'), mapped: read('RssFile') };
}
