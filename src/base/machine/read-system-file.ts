import { readFileSync } from 'node:fs';

/** A file of /proc or /sys without the white space around it; empty where there is none, or it cannot be read. */
export function readSystemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
