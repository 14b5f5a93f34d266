import { element } from '../element.js';
import { createObjectLayer, type Shape } from '../object-layer.js';
import { pictureView } from '../picture-view.js';
import { labelOf, nameOf, type ResultItem } from '../result-item.js';
import type { ItemMark } from './marks.js';

/** A result in the grid. */
export interface ResultCard {
  readonly node: HTMLElement;
  /** What passes the filter, and the reader's mark. */
  update(shapes: readonly Shape[], mark: ItemMark | undefined): void;
}

export function createResultCard(item: ResultItem, onOpen: () => void): ResultCard {
  const layer = createObjectLayer(false);
  const summary = element('p', { class: item.error === undefined ? 'summary' : 'summary is-error' });
  const badge = element('span', { class: 'badge' });
  const node = element(
    'button',
    { type: 'button', class: 'card', on: { click: onOpen } },
    element('div', { class: 'frame' }, pictureView(item, layer), badge),
    element('p', { class: 'name', title: item.input }, nameOf(item)),
    summary,
  );
  return {
    node,
    update: (shapes, mark) => {
      if (item.image !== undefined) layer.draw(shapes, item.image);
      summary.textContent = summarize(item, shapes);
      node.dataset['mark'] = mark?.mark ?? '';
      badge.textContent =
        mark?.mark === 'accepted' ? 'Accepted' : mark?.mark === 'rejected' ? 'Rejected' : '';
    },
  };
}

function summarize(item: ResultItem, shapes: readonly Shape[]): string {
  if (item.error !== undefined) return item.error.message;
  if (item.detections === undefined || (item.detections.length === 0 && item.text)) return item.text ?? '';
  if (shapes.length === 0) return 'Nothing found';
  const counts = new Map<string, number>();
  for (const { object } of shapes) counts.set(labelOf(object), (counts.get(labelOf(object)) ?? 0) + 1);
  return [...counts].map(([label, count]) => (count === 1 ? label : `${count} × ${label}`)).join(', ');
}
