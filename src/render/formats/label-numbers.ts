/** What an object is called that the model gave no label. */
const UNNAMED_LABEL = 'object';

/** Numbers for labels, from 0, in order of first appearance. */
export interface LabelNumbers {
  /** The label's number; a label that was not seen before gets the next one. */
  numberOf(label: string): number;
  /** All labels so far; the place is the number. */
  readonly labels: readonly string[];
}

/** @param known labels whose places are their numbers already; the first of two equal ones counts. */
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
