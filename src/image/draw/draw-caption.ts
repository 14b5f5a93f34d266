import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import type { Pixels } from './encode-image.js';
import { fillRectangle, pastePicture } from './paint.js';
import { renderParagraph } from './render-text.js';

/** A caption laid out for pictures of one size. */
export interface Caption {
  /** RGBA. */
  readonly picture: Pixels;
  /** Between the text and the edge of its background, pixels. */
  readonly padding: number;
}

/** As with subtitles: 49 pixels of 1080. */
const FONT_PART = 0.045;
const MIN_FONT_PIXELS = 10;
/** Long text is first made smaller, then cut. */
const SHRINK = 0.85;
const SMALLEST_PART = 0.55;
/** Of the picture's height, at most. */
const MAX_HEIGHT_PART = 0.4;
/** In a tiny picture a few words must cover more of it. */
const MIN_LINES = 3;
const GROUND_OPACITY = 0.6;

/**
 * Lay a text out for the lower edge of pictures of a size: broken into lines, smaller where it is long, and cut with
 * an ellipsis if it is still too high.
 *
 * @returns undefined when there is nothing to see, or the picture is too small for a letter.
 */
export async function layoutCaption(text: string, size: Size): Promise<Caption | undefined> {
  const largest = Math.max(MIN_FONT_PIXELS, Math.round(Math.min(size.width, size.height) * FONT_PART));
  const smallest = Math.max(MIN_FONT_PIXELS, Math.round(largest * SMALLEST_PART));
  for (let fontPixels = largest; ; fontPixels = Math.max(smallest, Math.round(fontPixels * SHRINK))) {
    const padding = Math.max(1, Math.round(fontPixels / 4));
    const width = size.width - 4 * padding;
    if (width < fontPixels) return undefined;
    const height = Math.min(
      Math.max(size.height * MAX_HEIGHT_PART, MIN_LINES * 1.3 * fontPixels),
      size.height - 2 * padding,
    );
    const picture = await renderParagraph(text, fontPixels, width, [255, 255, 255]);
    if (picture === undefined) return undefined;
    if (picture.height <= height) return { picture, padding };
    if (fontPixels > smallest) continue;
    const characters = Array.from(text.trimEnd().replace(/…$/, ''));
    const keep = Math.min(characters.length - 1, Math.ceil((characters.length * height) / picture.height));
    return keep < 1 ? undefined : layoutCaption(`${characters.slice(0, keep).join('').trimEnd()}…`, size);
  }
}

/** Draw a caption near the lower edge of a picture, on a dark background, in place. */
export function drawCaption(image: RgbImage, { picture, padding }: Caption): void {
  const x = Math.floor((image.width - picture.width) / 2);
  const y = Math.max(padding, image.height - picture.height - 2 * padding);
  const ground = {
    x0: x - padding,
    y0: y - padding,
    x1: x + picture.width + padding,
    y1: y + picture.height + padding,
  };
  fillRectangle(image, ground, [0, 0, 0], GROUND_OPACITY);
  pastePicture(image, picture, x, y);
}
