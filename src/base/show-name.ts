import { stripControl } from './strip-control.js';

/** Longest name that a sentence repeats, characters. */
const MAX_CHARACTERS = 300;

/** A file name or a library's message, fit for one line of a terminal; both are untrusted. */
export function showName(name: string): string {
  const line = stripControl(name).replace(/\s+/g, ' ').trim();
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}…` : line;
}
