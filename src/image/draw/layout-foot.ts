import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { breakLines, type TextLine } from './break-lines.js';
import { fillRectangle, pastePicture, type PixelRectangle } from './paint.js';
import type { Color } from './render-text.js';

/** A paragraph below a picture. */
export interface FootBlock {
  readonly text: string;
  /** White when absent. */
  readonly color?: Color;
  /** A square of this colour stands before it. */
  readonly swatch?: Color;
}

/** What stands below a picture, laid out. Places are pixels from the picture's lower left corner. */
export interface Foot {
  readonly height: number;
  readonly fontSize: number;
  readonly lines: readonly (TextLine & { readonly x: number; readonly y: number; readonly color: Color })[];
  readonly swatches: readonly { readonly area: PixelRectangle; readonly color: Color }[];
}

export const FOOT_GROUND: Color = [24, 24, 24];
const WHITE: Color = [255, 255, 255];
const MIN_FONT_PIXELS = 10;
/** Sentences are set a little larger than labels. */
const LARGER = 1.2;
/** Of the picture's height, at most; a few lines in any case. */
const MAX_HEIGHT_PART = 2;
const MIN_LINES = 6;
/** Narrower than this no line can be read, in font sizes. */
const MIN_WIDTH = 6;

/**
 * Lay out paragraphs for the width of a picture, each beginning on a line of its own.
 * @param labelFontSize of the labels on the picture, pixels.
 * @returns undefined when there is nothing to see, or the picture is too narrow.
 */
export async function layoutFoot(
  picture: Size,
  blocks: readonly FootBlock[],
  labelFontSize: number,
): Promise<Foot | undefined> {
  const font = Math.max(MIN_FONT_PIXELS, Math.round(labelFontSize * LARGER));
  const lineHeight = Math.round(font * 1.4);
  const margin = Math.round(font * 0.6);
  if (picture.width < MIN_WIDTH * font) return undefined;
  let left = Math.max(MIN_LINES, Math.floor((picture.height * MAX_HEIGHT_PART) / lineHeight));
  let y = margin;
  const lines: Foot['lines'][number][] = [];
  const swatches: Foot['swatches'][number][] = [];
  for (const { text, color = WHITE, swatch } of blocks) {
    if (left < 1) break;
    const x = swatch === undefined ? margin : margin + font + Math.round(font / 2);
    const style = { fontPixels: font, width: picture.width - x - margin, color, maxLines: left };
    const broken = await breakLines(text, style);
    if (broken.length === 0) continue;
    if (swatch !== undefined) {
      swatches.push({ area: { x0: margin, y0: y + 1, x1: margin + font, y1: y + 1 + font }, color: swatch });
    }
    for (const line of broken) {
      lines.push({ ...line, x, y, color });
      y += lineHeight;
    }
    left -= broken.length;
  }
  if (lines.length === 0) return undefined;
  return { height: y + margin, fontSize: font, lines, swatches };
}

/** The picture with the foot below it; a copy. */
export function addFoot(image: RgbImage, { height, lines, swatches }: Foot): RgbImage {
  const { width } = image;
  const data = new Uint8Array(width * (image.height + height) * 3);
  data.set(image.data);
  const canvas = { width, height: image.height + height, data };
  fillRectangle(canvas, { x0: 0, y0: image.height, x1: width, y1: canvas.height }, FOOT_GROUND);
  for (const { area, color } of swatches) {
    const { x0, y0, x1, y1 } = area;
    fillRectangle(canvas, { x0, y0: y0 + image.height, x1, y1: y1 + image.height }, color);
  }
  for (const { picture, x, y } of lines) pastePicture(canvas, picture, x, y + image.height);
  return canvas;
}
