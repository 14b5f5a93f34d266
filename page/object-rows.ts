import { element } from './element.js';
import type { Shape } from './object-layer.js';
import { labelOf } from './result-item.js';

/** The list of what was found. */
export interface ObjectRows {
  readonly node: HTMLElement;
  show(shapes: readonly Shape[]): void;
  mark(index: number | undefined): void;
}

/** What a row does besides. */
export interface RowActions {
  /** The pointer or the keyboard came to a row, or left it. */
  readonly onMark: (index: number | undefined) => void;
  /** What stands at the row's end. */
  readonly makeEnd?: (index: number) => HTMLElement;
}

export function createObjectRows({ onMark, makeEnd }: RowActions): ObjectRows {
  const node = element('ul', { class: 'rows' });
  return {
    node,
    show: (shapes) => {
      const rows = shapes.map(({ object, index, color, isRejected }) => {
        const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' });
        swatch.style.background = color;
        const { x0, y0, x1, y1 } = object.box;
        const place = [`${Math.round(x0)},${Math.round(y0)}`, `${Math.round(x1)},${Math.round(y1)}`];
        return element(
          'li',
          {
            'data-index': index,
            ...(isRejected && { class: 'is-rejected' }),
            tabindex: 0,
            on: {
              pointerenter: () => onMark(index),
              pointerleave: () => onMark(undefined),
              focusin: () => onMark(index),
              focusout: () => onMark(undefined),
            },
          },
          swatch,
          element('span', { class: 'label' }, labelOf(object)),
          element('span', { class: 'place' }, place.join(' – ')),
          element('span', { class: 'score' }, object.score === undefined ? '…' : object.score.toFixed(2)),
          makeEnd?.(index),
        );
      });
      node.replaceChildren(...rows);
    },
    mark: (index) => {
      for (const row of node.children) {
        row.classList.toggle('is-marked', row.getAttribute('data-index') === String(index));
      }
    },
  };
}
