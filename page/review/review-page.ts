import { askedThings } from '../../src/render/drawing/asked-things.js';
import { createLabelColors } from '../color-of-label.js';
import { button, element } from '../element.js';
import type { Shape } from '../object-layer.js';
import type { ResultItem } from '../result-item.js';
import { saveFile } from '../save-file.js';
import { createDetailView } from './detail-view.js';
import { createFilterBar } from './filter-bar.js';
import { countLabels, NO_FILTER, passes, passingObjects, type Filter } from './filter-items.js';
import { Marks, type Mark } from './marks.js';
import { readItems } from './read-items.js';
import { createResultGrid } from './result-grid.js';
import { watchKeys } from './watch-keys.js';

const { items, notes } = readItems();
const marks = new Marks(items);
const colorOf = createLabelColors(items.flatMap(askedThings));
const labels = countLabels(items);
for (const [label] of labels) colorOf({ label, box: { x0: 0, y0: 0, x1: 1, y1: 1 } });
let filter: Filter = NO_FILTER;
let shown: readonly ResultItem[] = items;

const counts = element('p', { class: 'count', 'aria-live': 'polite' });
const exporter = button('Export marks', () => {
  saveFile(new Blob([marks.toJsonLines()], { type: 'application/jsonl' }), 'marks.jsonl');
});
const nothing = element('p', { class: 'nothing' }, 'No result passes the filters.');
const grid = createResultGrid(open, (item, card) => card.update(shapesOf(item), marks.of(item)));
const detail = createDetailView({
  onStep: step,
  onMark: (mark) => detail.item && markItem(detail.item, mark),
  onObject: (index) => {
    if (detail.item === undefined) return;
    marks.toggleObject(detail.item, index);
    refresh();
    // The rows were made anew.
    detail.node.querySelector<HTMLElement>(`.rows [data-index="${index}"] .wrong`)?.focus();
  },
});
detail.node.addEventListener('close', () => detail.item && grid.focus(detail.item));

const bar = createFilterBar({
  labels,
  colorOf: (label) => colorOf({ label, box: { x0: 0, y0: 0, x1: 1, y1: 1 } }),
  onChange: (change) => {
    filter = { ...filter, ...change };
    choose();
  },
});
const help = '← → or K J: previous and next. Enter: open. A: accept. R: reject. Esc: close.';
document
  .querySelector('#app')!
  .append(
    element('header', { class: 'top' }, element('h1', {}, 'Results'), counts, exporter),
    ...notes.map((note) => element('p', { class: 'note', role: 'note' }, note)),
    bar,
    nothing,
    grid.node,
    element('footer', { class: 'muted' }, help),
    detail.node,
  );
watchKeys({ onStep: step, onMark: (mark) => markItem(current(), mark) });
choose();

function shapesOf(item: ResultItem): Shape[] {
  const rejected = new Set(marks.of(item)?.rejectedObjects);
  return passingObjects(item, filter).map(({ object, index }) => ({
    object,
    index,
    color: colorOf(object),
    isRejected: rejected.has(index),
  }));
}

function choose(): void {
  shown = items.filter((item) => passes(item, filter, marks));
  grid.show(shown);
  nothing.hidden = shown.length > 0;
  tellCounts();
}

function tellCounts(): void {
  const objects = shown.reduce((sum, item) => sum + passingObjects(item, filter).length, 0);
  const texts = [
    shown.length === items.length
      ? countOf(items.length, 'result')
      : `${shown.length} of ${countOf(items.length, 'result')}`,
    ...(labels.length > 0 ? [countOf(objects, 'object')] : []),
    `${marks.count('accepted')} accepted`,
    `${marks.count('rejected')} rejected`,
  ];
  counts.textContent = texts.join(' · ');
  exporter.disabled = marks.isEmpty;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function refresh(): void {
  grid.refresh();
  tellCounts();
  if (detail.node.open && detail.item !== undefined) open(detail.item);
}

function open(item: ResultItem): void {
  const position = shown.indexOf(item);
  const place = position === -1 ? '' : `${position + 1} of ${shown.length}`;
  detail.show(item, shapesOf(item), marks.of(item), place);
}

function markItem(item: ResultItem | undefined, mark: Mark): void {
  if (item === undefined) return;
  marks.toggle(item, mark);
  refresh();
}

/** The result that is open, or whose card has the focus. */
function current(): ResultItem | undefined {
  if (detail.node.open) return detail.item;
  const cards = [...grid.node.querySelectorAll('.card')];
  return shown[cards.indexOf(document.activeElement!)];
}

function step(by: 1 | -1): void {
  const item = current();
  const place = item === undefined ? (by === 1 ? 0 : shown.length - 1) : shown.indexOf(item) + by;
  const next = shown[Math.max(0, Math.min(shown.length - 1, place))];
  if (next === undefined) return;
  if (detail.node.open) open(next);
  else grid.focus(next);
}
