import { copyButton } from '../copy-button.js';
import { button, element } from '../element.js';
import { createObjectLayer, type Shape } from '../object-layer.js';
import { createObjectRows } from '../object-rows.js';
import { pictureView } from '../picture-view.js';
import { labelOf, nameOf, toJson, type ResultItem } from '../result-item.js';
import type { ItemMark, Mark } from './marks.js';

/** One result, large. */
export interface DetailView {
  readonly node: HTMLDialogElement;
  readonly item: ResultItem | undefined;
  /** @param place such as `3 of 12`. */
  show(item: ResultItem, shapes: readonly Shape[], mark: ItemMark | undefined, place: string): void;
}

/** What its buttons do. */
export interface DetailActions {
  readonly onStep: (by: 1 | -1) => void;
  readonly onMark: (mark: Mark) => void;
  readonly onObject: (index: number) => void;
}

export function createDetailView({ onStep, onMark, onObject }: DetailActions): DetailView {
  let item: ResultItem | undefined;
  const place = element('span', { class: 'count' });
  const body = element('div', { class: 'detail' });
  const accept = button('Accept', () => onMark('accepted'), { class: 'accept', 'aria-keyshortcuts': 'a' });
  const reject = button('Reject', () => onMark('rejected'), { class: 'reject', 'aria-keyshortcuts': 'r' });
  const bar = element(
    'header',
    { class: 'detail-bar' },
    button('←', () => onStep(-1), { 'aria-label': 'Previous result', class: 'plain' }),
    place,
    button('→', () => onStep(1), { 'aria-label': 'Next result', class: 'plain' }),
    element('span', { class: 'space' }),
    accept,
    reject,
    button('Close', () => node.close(), { class: 'plain' }),
  );
  const node = element('dialog', { 'aria-label': 'Result', tabindex: -1, autofocus: true }, bar, body);
  return {
    node,
    get item() {
      return item;
    },
    show: (next, shapes, mark, position) => {
      item = next;
      place.textContent = position;
      accept.setAttribute('aria-pressed', String(mark?.mark === 'accepted'));
      reject.setAttribute('aria-pressed', String(mark?.mark === 'rejected'));
      body.replaceChildren(...describe(next, shapes, mark, onObject));
      if (!node.open) node.showModal();
    },
  };
}

function describe(
  item: ResultItem,
  shapes: readonly Shape[],
  mark: ItemMark | undefined,
  onObject: (index: number) => void,
): HTMLElement[] {
  const onMark = (index: number | undefined): void => {
    layer.mark(index);
    rows.mark(index);
  };
  const layer = createObjectLayer(true, onMark);
  const rejected = new Set(mark?.rejectedObjects);
  const rows = createObjectRows({
    onMark,
    makeEnd: (index) =>
      button('✕', () => onObject(index), {
        class: 'wrong',
        'aria-label': `Wrong: ${labelOf(item.detections![index])}`,
        'aria-pressed': String(rejected.has(index)),
        title: 'This object is wrong',
      }),
  });
  if (item.image !== undefined) layer.draw(shapes, item.image);
  rows.show(shapes);
  const hidden = (item.detections?.length ?? 0) - shapes.length;
  const text =
    item.error === undefined ? (item.detections?.length ? undefined : item.text) : item.error.message;
  const isEmpty = item.error === undefined && (text ?? '') === '' && (item.detections?.length ?? 0) === 0;
  const side = element(
    'div',
    { class: 'side' },
    element('h2', { title: item.input }, nameOf(item)),
    element('p', { class: 'prompt' }, item.prompt),
    text === undefined || text === ''
      ? undefined
      : element('p', { class: item.error ? 'is-error' : 'answer' }, text),
    item.error?.hint === undefined ? undefined : element('p', { class: 'muted' }, item.error.hint),
    isEmpty ? element('p', { class: 'muted' }, 'Nothing found') : undefined,
    item.truncated ? element('p', { class: 'muted' }, 'The answer was cut at the token limit.') : undefined,
    rows.node,
    hidden > 0 ? element('p', { class: 'muted' }, `${hidden} hidden by the filters`) : undefined,
    element(
      'p',
      { class: 'actions' },
      copyButton('Copy JSON', () => toJson(item)),
    ),
  );
  return [element('div', { class: 'stage' }, pictureView(item, layer)), side];
}
