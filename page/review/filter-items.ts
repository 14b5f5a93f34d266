import { labelOf, type PageObject, type ResultItem } from '../result-item.js';
import type { Mark, Marks } from './marks.js';

/** Which results are shown. */
export interface Filter {
  /** Any of them; all results when empty. */
  readonly labels: ReadonlySet<string>;
  /** Objects that score less are not shown, 0..1. */
  readonly minScore: number;
  /** Part of a name, a prompt or an answer; in any case of letters. */
  readonly words: string;
  readonly mark: Mark | 'unmarked' | 'failed' | 'all';
}

export const NO_FILTER: Filter = { labels: new Set(), minScore: 0, words: '', mark: 'all' };

/** The objects of a result that pass, with their places in it. */
export function passingObjects(
  { detections = [] }: ResultItem,
  { labels, minScore }: Filter,
): { readonly object: PageObject; readonly index: number }[] {
  return detections
    .map((object, index) => ({ object, index }))
    .filter(
      ({ object }) => (object.score ?? 1) >= minScore && (labels.size === 0 || labels.has(labelOf(object))),
    );
}

/** Whether a result is shown: results of objects need one that passes, unless nothing is asked of objects. */
export function passes(item: ResultItem, filter: Filter, marks: Marks): boolean {
  const { labels, minScore, words, mark } = filter;
  if ((labels.size > 0 || minScore > 0) && item.detections !== undefined) {
    if (passingObjects(item, filter).length === 0) return false;
  } else if (labels.size > 0) return false;
  const texts = [item.input, item.prompt, item.text ?? '', item.error?.message ?? ''];
  if (words !== '' && !texts.some((text) => text.toLowerCase().includes(words.toLowerCase()))) return false;
  if (mark === 'all') return true;
  if (mark === 'failed') return item.error !== undefined;
  return (marks.of(item)?.mark ?? 'unmarked') === mark;
}

/** How many objects each label has, the most frequent first. */
export function countLabels(items: readonly ResultItem[]): [label: string, count: number][] {
  const counts = new Map<string, number>();
  for (const object of items.flatMap(({ detections = [] }) => detections)) {
    counts.set(labelOf(object), (counts.get(labelOf(object)) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
