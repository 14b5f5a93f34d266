/**
 * MMVP's accuracy of pairs, 0 to 1: the share of pairs of which both questions are answered right (lmms-eval
 * `mmvp/utils.py`; 150 pairs). A question whose partner is missing is left out.
 *
 * @param pairs the number of the pair that each question belongs to.
 * @param isRight whether each was answered right.
 * @returns for each pair, in order of its first question, whether both are right.
 */
export function pairsRight(pairs: readonly number[], isRight: readonly boolean[]): boolean[] {
  const byPair = new Map<number, boolean[]>();
  pairs.forEach((pair, i) => byPair.set(pair, [...(byPair.get(pair) ?? []), isRight[i]]));
  return [...byPair.values()]
    .filter(({ length }) => length === 2)
    .map((both) => both.every((right) => right));
}
