/** Names further away than this share of their length are not what the user meant. */
const MAX_DISTANCE_SHARE = 0.4;

/** The name most like `wanted` (edit distance, case ignored), or undefined when none is close. */
export function findNearestName(wanted: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    const limit = Math.ceil(Math.max(wanted.length, name.length) * MAX_DISTANCE_SHARE);
    if (distance <= limit && distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Insertions, deletions and replacements of one character that turn `a` into `b`. Takes time proportional to the
 * product of the lengths: for short words.
 */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
