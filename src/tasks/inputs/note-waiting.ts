/** Longer than cameras and servers take to start, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Report once, after ten seconds, that pali is waiting for an input, unless the wait is over by then.
 * @returns a function that ends the waiting.
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
