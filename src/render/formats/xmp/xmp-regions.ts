import type { Detection } from '../../../base/detection.js';
import type { Size } from '../../../base/geometry.js';
import { escapeXmlLine } from '../escape-xml.js';

/** The name for an object without a label. */
const UNNAMED = 'object';
const DECIMALS = 6;

/** An area of the picture in shares of its sides; x and y are the centre. */
export interface RegionArea {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Boxes as regions of the Metadata Working Group, which refer to the picture as it is stored, before its orientation
 * is applied. Only faces have a type: the other types of the standard are for pets' faces, focus and bar codes.
 *
 * @param image size as shown.
 * @param orientation EXIF's, 1 to 8.
 */
export function formatRegions(detections: readonly Detection[], image: Size, orientation: number): string {
  const isTurned = orientation >= 5;
  const [width, height] = isTurned ? [image.height, image.width] : [image.width, image.height];
  const rows = detections.map(({ label, box }) => {
    const shown = {
      x: (box.x0 + box.x1) / 2 / image.width,
      y: (box.y0 + box.y1) / 2 / image.height,
      w: (box.x1 - box.x0) / image.width,
      h: (box.y1 - box.y0) / image.height,
    };
    const { x, y, w, h } = toStored(shown, orientation);
    const place = Object.entries({ x, y, w, h }).map(
      ([name, share]) => `stArea:${name}="${share.toFixed(DECIMALS)}"`,
    );
    const name = escapeXmlLine(label === '' ? UNNAMED : label);
    const type = /^(?:human )?face$/i.test(label.trim()) ? ' mwg-rs:Type="Face"' : '';
    return (
      `<rdf:li><rdf:Description mwg-rs:Name="${name}"${type}>` +
      `<mwg-rs:Area ${place.join(' ')} stArea:unit="normalized"/></rdf:Description></rdf:li>`
    );
  });
  return [
    '<mwg-rs:Regions rdf:parseType="Resource">',
    `<mwg-rs:AppliedToDimensions stDim:w="${width}" stDim:h="${height}" stDim:unit="pixel"/>`,
    `<mwg-rs:RegionList><rdf:Bag>${rows.join('')}</rdf:Bag></mwg-rs:RegionList>`,
    '</mwg-rs:Regions>',
  ].join('');
}

/** An area of the picture as it is shown, in the picture as it is stored. */
export function toStored({ x, y, w, h }: RegionArea, orientation: number): RegionArea {
  switch (orientation) {
    case 2:
      return { x: 1 - x, y, w, h };
    case 3:
      return { x: 1 - x, y: 1 - y, w, h };
    case 4:
      return { x, y: 1 - y, w, h };
    case 5:
      return { x: y, y: x, w: h, h: w };
    case 6:
      return { x: y, y: 1 - x, w: h, h: w };
    case 7:
      return { x: 1 - y, y: 1 - x, w: h, h: w };
    case 8:
      return { x: 1 - y, y: x, w: h, h: w };
    default:
      return { x, y, w, h };
  }
}
