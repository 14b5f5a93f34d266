/** A token of an answer: the engine's GeneratedToken has these fields. */
export interface AnswerPiece {
  /** What the token adds to the raw answer; '' for a byte token whose character is not complete. */
  readonly text: string;
  /** Natural logarithm of its probability. */
  readonly logprob: number;
}

/**
 * Score stretches of an answer. The result takes a stretch of the raw answer, `start` to `end` (not included),
 * and gives the geometric mean of the probabilities of the tokens that touch it, 0..1; 0 when none does or a
 * logarithm is not a number. A token without text counts at its position.
 */
export function spanScore(pieces: readonly AnswerPiece[]): (start: number, end: number) => number {
  const starts = new Array<number>(pieces.length + 1);
  starts[0] = 0;
  for (const [i, piece] of pieces.entries()) starts[i + 1] = starts[i] + piece.text.length;
  return (start, end) => {
    let sum = 0;
    let count = 0;
    for (let i = findPiece(starts, start); i < pieces.length && starts[i] < end; i++) {
      sum += pieces[i].logprob;
      count++;
    }
    const mean = Math.exp(sum / count);
    return count === 0 || Number.isNaN(mean) ? 0 : Math.min(1, mean);
  };
}

/** The first piece that ends after `place`, or that is empty and at it: a binary search. */
function findPiece(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle + 1] > place || starts[middle] >= place) high = middle;
    else low = middle + 1;
  }
  return low;
}
