/** Longer than cameras and servers take to begin, milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Tell once, after ten seconds, that pali waits for an input, unless that is over before.
 * @returns ends the waiting.
 */
export function noteWaiting(
  name: string,
  onNote: ((sentence: string) => void) | undefined,
  patienceMs = PATIENCE_MS,
): () => void {
  const shown = name === '-' ? 'standard input' : name;
  const timer = setTimeout(() => onNote?.(`Still waiting for ${shown}. Ctrl-C ends it.`), patienceMs);
  return () => clearTimeout(timer);
}
