import { element } from '../element.js';
import type { ResultItem } from '../result-item.js';
import { createResultCard, type ResultCard } from './result-card.js';

/** Cards that are added at a time, as the reader comes near the end. */
const PAGE = 60;

/** The cards of the results that pass; made when they come near, and kept. */
export interface ResultGrid {
  readonly node: HTMLElement;
  show(items: readonly ResultItem[]): void;
  /** Bring the cards that are there up to date. */
  refresh(): void;
  focus(item: ResultItem): void;
}

export function createResultGrid(
  onOpen: (item: ResultItem) => void,
  update: (item: ResultItem, card: ResultCard) => void,
): ResultGrid {
  const cards = new Map<ResultItem, ResultCard>();
  let items: readonly ResultItem[] = [];
  let shown = 0;
  const list = element('div', { class: 'grid' });
  const end = element('div', { class: 'end' });
  const addPage = (): void => {
    const next = items.slice(shown, shown + PAGE);
    shown += next.length;
    list.append(...next.map((item) => cardOf(item).node));
  };
  const cardOf = (item: ResultItem): ResultCard => {
    const card = cards.get(item) ?? createResultCard(item, () => onOpen(item));
    cards.set(item, card);
    update(item, card);
    return card;
  };
  const watcher = new IntersectionObserver(
    ([entry]) => {
      if (entry.isIntersecting && shown < items.length) addPage();
      // What stays in sight is reported only once.
      watcher.unobserve(end);
      watcher.observe(end);
    },
    { rootMargin: '800px' },
  );
  return {
    node: element('section', { 'aria-label': 'Results' }, list, end),
    show: (next) => {
      items = next;
      shown = 0;
      list.replaceChildren();
      addPage();
      watcher.disconnect();
      if (shown < items.length) watcher.observe(end);
    },
    refresh: () => {
      for (const item of items.slice(0, shown)) update(item, cards.get(item)!);
    },
    focus: (item) => {
      while (shown < items.length && !items.slice(0, shown).includes(item)) addPage();
      cards.get(item)?.node.focus();
    },
  };
}
