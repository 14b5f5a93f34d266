import type { BinaryMask } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { MASK_OPACITY } from '../../image/draw/draw-overlay.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import {
  layoutLabels,
  sizeOverlay,
  type OverlayShape,
  type PlacedLabel,
} from '../../image/draw/layout-overlay.js';
import { escapeMarkup, type Color } from '../../image/draw/render-text.js';
import { traceOutlines } from './trace-outlines.js';

/** From the baseline to the bottom of a text picture, in font sizes: the depth of DejaVu Sans's bar. */
const DESCENT = 0.24;

/**
 * The picture (embedded as JPEG) with masks, boxes and labels as vector shapes: an SVG file's text. Each object is
 * a group whose title is its label.
 */
export async function formatOverlaySvg(image: RgbImage, shapes: readonly OverlayShape[]): Promise<string> {
  const { width, height } = image;
  const sizes = sizeOverlay(image);
  const labels = await layoutLabels(image, shapes);
  const jpeg = Buffer.from(await encodeImage(image, 'jpeg')).toString('base64');
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<image width="${width}" height="${height}" href="data:image/jpeg;base64,${jpeg}"/>`,
    ...shapes.map((shape) => formatShape(shape, sizes.lineWidth)),
    ...labels.map((label, i) => formatLabel(label, shapes[i], sizes.fontSize, sizes.padding)),
    '</svg>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function formatShape(shape: OverlayShape, lineWidth: number): string {
  const { x0, y0, x1, y1 } = shape.box;
  const color = formatColor(shape.color);
  const stroke = `stroke="${color}" stroke-width="${lineWidth}"`;
  const outline = shape.mask === undefined ? '' : traceMask(shape.mask);
  const path =
    outline === ''
      ? ''
      : `<path d="${outline}" fill="${color}" fill-opacity="${MASK_OPACITY}" fill-rule="evenodd" ${stroke}/>`;
  const box = `<rect x="${round(x0)}" y="${round(y0)}" width="${round(x1 - x0)}" height="${round(y1 - y0)}" fill="none" ${stroke}/>`;
  return `<g>${path}${box}</g>`;
}

/**
 * The outline of a mask as an SVG path along the pixels' edges: one closed part for each piece and each hole, to
 * be filled by the even-odd rule. Empty for an empty mask.
 */
export function traceMask(mask: BinaryMask): string {
  return traceOutlines(mask)
    .map(({ points }) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}Z`)
    .join('');
}

function formatLabel(
  label: PlacedLabel | undefined,
  shape: OverlayShape,
  fontSize: number,
  padding: number,
): string {
  if (label === undefined) return '';
  const { x0, y0, x1, y1 } = label.strip;
  const x = x0 + padding;
  const y = round(y1 - padding - DESCENT * fontSize);
  return (
    `<g><rect x="${x0}" y="${y0}" width="${x1 - x0}" height="${y1 - y0}" fill="${formatColor(shape.color)}"/>` +
    // The viewer's own font must not run out of the strip that ours was measured for.
    `<text x="${x}" y="${y}" font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold" font-size="${fontSize}"` +
    ` textLength="${label.picture.width}" lengthAdjust="spacingAndGlyphs" fill="${formatColor(shape.textColor)}">` +
    `${escapeMarkup(label.text)}</text></g>`
  );
}

function formatColor(color: Color): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Hundredths of a pixel are enough. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
