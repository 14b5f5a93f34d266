/** Ctrl-C twice within this time leaves, milliseconds. */
const WINDOW_MS = 3000;

/**
 * Tells the second Ctrl-C from the first: call what it gives at every Ctrl-C.
 *
 * @param now milliseconds.
 */
export function createSecondInterrupt(now: () => number): () => boolean {
  let lastAt = -Infinity;
  return () => {
    const isSecond = now() - lastAt < WINDOW_MS;
    lastAt = now();
    return isSecond;
  };
}
