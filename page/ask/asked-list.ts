import { element } from '../element.js';
import type { ResultItem } from '../result-item.js';
import type { ChosenPicture } from './chosen-picture.js';

/** A question with its answer. */
export interface Asked {
  readonly picture: ChosenPicture;
  readonly item: ResultItem;
}

/** How many are kept; their pictures are in the browser's memory. */
const MAX_ASKED = 100;

/** What was asked, the newest first; each can be looked at again. */
export interface AskedList {
  readonly node: HTMLElement;
  add(asked: Asked): void;
}

export function createAskedList(onShow: (asked: Asked) => void): AskedList {
  const list = element('ul', { class: 'asked' });
  const node = element(
    'section',
    { hidden: true, 'aria-label': 'Asked before' },
    element('h2', {}, 'Asked'),
    list,
  );
  return {
    node,
    add: (asked) => {
      const { picture, item } = asked;
      const thumbnail =
        picture.size === undefined
          ? element('span', { class: 'thumbnail' })
          : element('img', { src: picture.url, alt: '', class: 'thumbnail' });
      const entry = element(
        'button',
        { type: 'button', on: { click: () => onShow(asked) } },
        thumbnail,
        element('span', { class: 'asked-prompt' }, item.prompt),
        element('span', { class: 'asked-answer' }, summarize(item)),
      );
      list.prepend(element('li', {}, entry));
      while (list.children.length > MAX_ASKED) list.lastElementChild!.remove();
      node.hidden = false;
    },
  };
}

function summarize({ detections, text }: ResultItem): string {
  if (detections !== undefined && detections.length > 0)
    return `${detections.length} object${detections.length === 1 ? '' : 's'}`;
  return text === undefined || text === '' ? 'Nothing found' : text;
}
