import type { BinaryMask } from '../../base/detection.js';
import type { Box, Size } from '../../base/geometry.js';
import type { Pixels } from './encode-image.js';
import type { PixelRectangle } from './paint.js';
import { cleanLine, renderText, type Color } from './render-text.js';

/** An object to draw. */
export interface OverlayShape {
  readonly box: Box;
  readonly mask?: BinaryMask | undefined;
  /** Drawn on a strip of `color`; empty for none. */
  readonly label: string;
  readonly color: Color;
  readonly textColor: Color;
}

/** A label and its place, wholly inside the picture. */
export interface PlacedLabel {
  /** As drawn: cleaned, and shortened when the picture is narrow. */
  readonly text: string;
  readonly strip: PixelRectangle;
  /** RGBA, to be placed at strip.x0 + padding, strip.y0 + padding. */
  readonly picture: Pixels;
}

/** Sizes that fit a picture, in its pixels. */
export interface OverlaySizes {
  readonly lineWidth: number;
  readonly fontSize: number;
  /** Between the strip's edge and its text. */
  readonly padding: number;
}

/** Smallest font that can be read, pixels. */
const MIN_FONT_PIXELS = 9;

/**
 * Line width and font grow with the picture, so that both can be read when it is shown whole; the short side
 * bounds them, so that a panorama is not covered. 960 x 640 gives 3 and 19 pixels.
 */
export function sizeOverlay(picture: Size): OverlaySizes {
  const middle = Math.sqrt(picture.width * picture.height);
  const shortSide = Math.min(picture.width, picture.height);
  const fontSize = Math.max(MIN_FONT_PIXELS, Math.round(Math.min(middle * 0.024, shortSide * 0.06)));
  return {
    lineWidth: Math.max(1, Math.floor(fontSize / 6)),
    fontSize,
    padding: Math.max(1, Math.round(fontSize / 6)),
  };
}

/**
 * Find a place for each shape's label: above its box, else inside it, below it or at its right end, where it covers
 * the least of the labels before it; always inside the picture.
 *
 * @returns one entry for each shape; undefined where there is no label, or where the picture is too small for it.
 */
export async function layoutLabels(
  picture: Size,
  shapes: readonly OverlayShape[],
): Promise<(PlacedLabel | undefined)[]> {
  const { fontSize, padding } = sizeOverlay(picture);
  const rendered = new Map<string, { text: string; picture: Pixels } | undefined>();
  const taken: PixelRectangle[] = [];
  const placed: (PlacedLabel | undefined)[] = [];
  for (const shape of shapes) {
    const key = `${shape.textColor.join()} ${shape.label}`;
    if (!rendered.has(key)) {
      rendered.set(key, await renderFitting(shape, fontSize, picture.width - 2 * padding));
    }
    const text = rendered.get(key);
    if (text === undefined || text.picture.height + 2 * padding > picture.height) {
      placed.push(undefined);
      continue;
    }
    const size = { width: text.picture.width + 2 * padding, height: text.picture.height + 2 * padding };
    const strip = placeStrip(picture, shape.box, size, taken);
    taken.push(strip);
    placed.push({ text: text.text, strip, picture: text.picture });
  }
  return placed;
}

/** The label as a picture at most `maxWidth` pixels wide, shortened with an ellipsis where it has to be. */
async function renderFitting(
  shape: OverlayShape,
  fontSize: number,
  maxWidth: number,
): Promise<{ text: string; picture: Pixels } | undefined> {
  let text = cleanLine(shape.label);
  while (text !== '') {
    const picture = await renderText(text, fontSize, shape.textColor);
    if (picture === undefined) return undefined;
    if (picture.width <= maxWidth) return { text, picture };
    const characters = Array.from(text.replace(/…$/, ''));
    const keep = Math.min(characters.length - 1, Math.floor((characters.length * maxWidth) / picture.width));
    text = keep < 1 ? '' : `${characters.slice(0, keep).join('')}…`;
  }
  return undefined;
}

function placeStrip(picture: Size, box: Box, size: Size, taken: readonly PixelRectangle[]): PixelRectangle {
  const left = Math.floor(box.x0);
  const top = Math.floor(box.y0);
  const right = Math.ceil(box.x1);
  const bottom = Math.ceil(box.y1);
  const candidates = [
    ...(top >= size.height ? [{ x: left, y: top - size.height }] : []),
    { x: left, y: top },
    ...(top >= size.height ? [{ x: right - size.width, y: top - size.height }] : []),
    ...(bottom + size.height <= picture.height ? [{ x: left, y: bottom }] : []),
    { x: left, y: bottom - size.height },
    { x: left, y: top + size.height },
  ].map(({ x, y }): PixelRectangle => {
    const x0 = Math.max(0, Math.min(x, picture.width - size.width));
    const y0 = Math.max(0, Math.min(y, picture.height - size.height));
    return { x0, y0, x1: x0 + size.width, y1: y0 + size.height };
  });
  // The earlier place wins where two are equally free.
  const covered = candidates.map((strip) => taken.reduce((sum, other) => sum + sharedArea(strip, other), 0));
  return candidates[covered.indexOf(Math.min(...covered))];
}

function sharedArea(a: PixelRectangle, b: PixelRectangle): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return width > 0 && height > 0 ? width * height : 0;
}
