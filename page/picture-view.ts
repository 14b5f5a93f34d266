import { element } from './element.js';
import type { ObjectLayer } from './object-layer.js';
import { nameOf, type ResultItem } from './result-item.js';

/** A result's picture with its layer over it; a plain ground of the picture's shape where there is none. */
export function pictureView(item: ResultItem, layer: ObjectLayer): HTMLElement {
  const { picture, image } = item;
  if (picture !== undefined) {
    const { width, height } = image ?? {};
    const source = { src: picture, width, height, alt: nameOf(item), loading: 'lazy', decoding: 'async' };
    const shown = element('img', source);
    const figure = element('figure', { class: 'picture' }, shown, layer.node);
    shown.addEventListener('error', () => shown.replaceWith(ground(item)));
    return figure;
  }
  return element('figure', { class: 'picture' }, ground(item), layer.node);
}

function ground({ image }: ResultItem): HTMLElement {
  const node = element('div', { class: 'ground' }, 'No picture here');
  if (image !== undefined) node.style.aspectRatio = `${image.width} / ${image.height}`;
  return node;
}
