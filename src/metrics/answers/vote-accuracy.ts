/**
 * Accuracy of OKVQA and A-OKVQA, 0 to 1 (big_vision `vqa.py`): min(1, k / 3) where k people gave this answer, in
 * small letters.
 */
export function voteAccuracy(answer: string, truths: readonly string[]): number {
  const given = answer.toLowerCase();
  return Math.min(1, truths.filter((truth) => truth.toLowerCase() === given).length / 3);
}
