/** From this share of wrong characters on an answer counts nothing. */
const THRESHOLD = 0.5;

/**
 * ANLS of DocVQA, InfographicVQA and ST-VQA, 0 to 1 (big_vision `vqa.py`): 1 - the share of characters that differ
 * when that is below 0.5, else 0; of the truth that fits best, in small letters. White space counts as it stands.
 * Characters are code points.
 *
 * @param truths at least one; an empty one wants an empty answer.
 */
export function anls(answer: string, truths: readonly string[]): number {
  const given = [...answer.toLowerCase()];
  return Math.max(...truths.map((truth) => similarity(given, [...truth.toLowerCase()])));
}

function similarity(given: readonly string[], truth: readonly string[]): number {
  if (truth.length === 0) return given.length === 0 ? 1 : 0;
  const longest = Math.max(given.length, truth.length);
  // At least this many are missing or too many.
  if (Math.abs(given.length - truth.length) / longest >= THRESHOLD) return 0;
  const share = countEdits(given, truth) / longest;
  return share < THRESHOLD ? 1 - share : 0;
}

function countEdits(a: readonly string[], b: readonly string[]): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, j) => j);
  let next = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
    }
    [row, next] = [next, row];
  }
  return row[b.length];
}
