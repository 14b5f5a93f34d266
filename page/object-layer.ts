import type { Size } from '../src/base/geometry.js';
import { element, svgElement } from './element.js';
import { maskPath } from './mask-path.js';
import { labelOf, type PageObject } from './result-item.js';

/** An object to draw. */
export interface Shape {
  readonly object: PageObject;
  /** Its place in the answer; what marks it, here and in the rows. */
  readonly index: number;
  /** As CSS writes it. */
  readonly color: string;
  /** The reader says that it is wrong. */
  readonly isRejected?: boolean;
}

/** Boxes and masks over a picture, whatever size it is shown in. */
export interface ObjectLayer {
  readonly node: HTMLElement;
  /** @param size of the picture whose pixels the boxes count. */
  draw(shapes: readonly Shape[], size: Size): void;
  /** Bring one forward; undefined brings all back. */
  mark(index: number | undefined): void;
}

/** @param onMark called when the pointer comes to an object, and with undefined when it leaves. */
export function createObjectLayer(
  hasLabels: boolean,
  onMark?: (index: number | undefined) => void,
): ObjectLayer {
  const drawing = svgElement('svg', { preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const labels = element('div', { class: 'labels', 'aria-hidden': 'true' });
  const node = element('div', { class: 'layer' }, drawing, labels);
  return {
    node,
    draw: (shapes, size) => {
      drawing.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
      // Large ones first: a small one inside stays within the pointer's reach.
      const sorted = [...shapes].sort((a, b) => areaOf(b) - areaOf(a));
      drawing.replaceChildren(...sorted.map((shape) => drawShape(shape, size, onMark)));
      labels.replaceChildren(...(hasLabels ? shapes.map((shape) => drawLabel(shape, size)) : []));
    },
    mark: (index) => {
      node.classList.toggle('has-mark', index !== undefined);
      for (const part of node.querySelectorAll('[data-index]')) {
        part.classList.toggle('is-marked', part.getAttribute('data-index') === String(index));
      }
    },
  };
}

function areaOf({ object: { box } }: Shape): number {
  return (box.x1 - box.x0) * (box.y1 - box.y0);
}

function drawShape(
  { object: { box, mask }, index, color, isRejected }: Shape,
  size: Size,
  onMark: ((index: number | undefined) => void) | undefined,
): SVGElement {
  const on = onMark && { pointerenter: () => onMark(index), pointerleave: () => onMark(undefined) };
  const rectangle = { x: box.x0, y: box.y0, width: box.x1 - box.x0, height: box.y1 - box.y0 };
  return svgElement(
    'g',
    { 'data-index': index, ...(isRejected && { class: 'is-rejected' }), ...(on && { on }) },
    mask && drawMask(mask, size, color),
    svgElement('rect', { ...rectangle, class: 'halo' }),
    svgElement('rect', { ...rectangle, class: 'box', stroke: color }),
  );
}

function drawMask(mask: NonNullable<PageObject['mask']>, size: Size, color: string): SVGElement {
  const [height, width] = mask.size;
  const scale = `scale(${size.width / width} ${size.height / height})`;
  return svgElement('path', {
    d: maskPath(mask),
    class: 'mask',
    fill: color,
    stroke: color,
    transform: scale,
  });
}

/** In HTML, as its letters keep their size whatever the picture's. */
function drawLabel({ object, index, color }: Shape, { width, height }: Size): HTMLElement {
  const node = element('span', { 'data-index': index }, labelOf(object));
  node.style.left = `${(object.box.x0 / width) * 100}%`;
  node.style.top = `${(object.box.y0 / height) * 100}%`;
  node.style.maxWidth = `${100 - (object.box.x0 / width) * 100}%`;
  node.style.setProperty('--color', color);
  return node;
}
