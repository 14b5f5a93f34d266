import { readFileSync } from 'node:fs';

/** A file of one JSON value a line, relative to fixtures/. */
export function readLines<T>(path: string): T[] {
  const text = readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
