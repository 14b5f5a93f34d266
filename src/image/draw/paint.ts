import type { BinaryMask } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import type { Pixels } from './encode-image.js';
import type { Color } from './render-text.js';

/** Whole pixels; x1 and y1 exclusive. May reach beyond the canvas: only what lies on it is painted. */
export interface PixelRectangle {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Paint in place, as all functions here do.
 *
 * @param opacity 0..1.
 */
export function fillRectangle(canvas: RgbImage, area: PixelRectangle, color: Color, opacity = 1): void {
  const x0 = Math.max(0, area.x0);
  const x1 = Math.min(canvas.width, area.x1);
  for (let y = Math.max(0, area.y0); y < Math.min(canvas.height, area.y1); y++) {
    for (let x = x0; x < x1; x++) blend(canvas.data, (y * canvas.width + x) * 3, color, opacity);
  }
}

/** A frame whose outer edge is `area`, `thickness` pixels thick inwards. */
export function strokeRectangle(
  canvas: RgbImage,
  area: PixelRectangle,
  thickness: number,
  color: Color,
  opacity = 1,
): void {
  const { x0, y0, x1, y1 } = area;
  const top = Math.min(y0 + thickness, y1);
  const bottom = Math.max(y1 - thickness, top);
  fillRectangle(canvas, { x0, y0, x1, y1: top }, color, opacity);
  fillRectangle(canvas, { x0, y0: bottom, x1, y1 }, color, opacity);
  fillRectangle(canvas, { x0, y0: top, x1: Math.min(x0 + thickness, x1), y1: bottom }, color, opacity);
  const right = Math.max(x1 - thickness, x0 + thickness);
  fillRectangle(canvas, { x0: right, y0: top, x1, y1: bottom }, color, opacity);
}

/**
 * Tint the area of a mask of the canvas's size, with an outline inside its edge.
 *
 * @param outline thickness in pixels.
 */
export function tintMask(
  canvas: RgbImage,
  mask: BinaryMask,
  color: Color,
  opacity: number,
  outline: number,
): void {
  const { width, height, data } = mask;
  const isObject = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  for (let y = 0; y < Math.min(height, canvas.height); y++) {
    for (let x = 0; x < Math.min(width, canvas.width); x++) {
      if (data[y * width + x] !== 1) continue;
      const isInner =
        isObject(x - outline, y) &&
        isObject(x + outline, y) &&
        isObject(x, y - outline) &&
        isObject(x, y + outline);
      blend(canvas.data, (y * canvas.width + x) * 3, color, isInner ? opacity : 1);
    }
  }
}

/** Lay an RGBA picture on the canvas, its top left corner at x, y. */
export function pastePicture(canvas: RgbImage, picture: Pixels, x: number, y: number): void {
  const { data } = picture;
  const first = Math.max(0, -x);
  const end = Math.min(picture.width, canvas.width - x);
  for (let row = Math.max(0, -y); row < Math.min(picture.height, canvas.height - y); row++) {
    for (let column = first; column < end; column++) {
      const from = (row * picture.width + column) * 4;
      const opacity = data[from + 3] / 255;
      if (opacity === 0) continue;
      const to = ((y + row) * canvas.width + x + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const below = canvas.data[to + channel];
        canvas.data[to + channel] = Math.round(below + (data[from + channel] - below) * opacity);
      }
    }
  }
}

function blend(data: Uint8Array, at: number, color: Color, opacity: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const below = data[at + channel];
    data[at + channel] = Math.round(below + (color[channel] - below) * opacity);
  }
}
