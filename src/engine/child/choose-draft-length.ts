/**
 * What another position costs a run, of a run with one: a token of int4 on two cores took 13.7 ms alone, 15.8 with
 * another, 21.7 with three more. Other dtypes pay less.
 */
const POSITION_COST = 0.2;

/**
 * Up to which length drafts pay in one run: each sequence has as many positions in it as the longest needs.
 * @param lengths of the drafts of the sequences that are run together, 0 where there is none.
 */
export function chooseDraftLength(lengths: readonly number[]): number {
  const count = lengths.length;
  const tokensPerCost = (longest: number): number => {
    const tokens = lengths.reduce((sum, length) => sum + 1 + Math.min(length, longest), 0);
    return tokens / (1 + POSITION_COST * (count * (1 + longest) - 1));
  };
  return [...new Set(lengths)]
    .sort((a, b) => a - b)
    .reduce((best, length) => (tokensPerCost(length) > tokensPerCost(best) ? length : best), 0);
}
