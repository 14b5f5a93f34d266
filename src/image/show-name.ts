/** Longest name that a sentence repeats, characters. */
const MAX_CHARACTERS = 300;

/**
 * A file name or a library's message, fit for one line of a terminal: names from a folder are foreign input,
 * and may hold line breaks and escape sequences.
 */
export function showName(name: string): string {
  const line = name.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return line.length > MAX_CHARACTERS ? `${line.slice(0, MAX_CHARACTERS)}…` : line;
}
