import type { ResultItem } from '../result-item.js';

/** What the page was written with. */
export interface ReviewData {
  readonly items: readonly ResultItem[];
  /** Sentences for the reader, such as that pictures were left out. */
  readonly notes: readonly string[];
}

/** Each result lies in a block of its own, as they were written one by one. */
export function readItems(): ReviewData {
  const blocks = [...document.querySelectorAll('script[type="application/json"]')];
  const read = (kind: string): unknown[] =>
    blocks
      .filter((block) => block.className === kind)
      .map((block): unknown => JSON.parse(block.textContent ?? ''));
  const data = { items: read('result') as ResultItem[], notes: read('note') as string[] };
  for (const block of blocks) block.remove();
  return data;
}
