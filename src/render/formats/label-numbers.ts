/** The label for an object that the model did not label. */
const UNNAMED_LABEL = 'object';

/** Numbers for labels, from 0, in order of first appearance. */
export interface LabelNumbers {
  /** The label's number; a new label gets the next one. */
  numberOf(label: string): number;
  /** All labels so far; each label's index is its number. */
  readonly labels: readonly string[];
}

/** @param known labels that are already numbered by their index; of duplicates, the first counts. */
export function createLabelNumbers(known: readonly string[] = []): LabelNumbers {
  const labels: string[] = [];
  const numbers = new Map<string, number>();
  const add = (label: string): number => {
    const number = labels.push(label) - 1;
    if (!numbers.has(label)) numbers.set(label, number);
    return number;
  };
  known.forEach(add);
  return {
    numberOf: (label) => {
      const name = label === '' ? UNNAMED_LABEL : label;
      return numbers.get(name) ?? add(name);
    },
    labels,
  };
}
