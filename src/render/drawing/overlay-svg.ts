import type { BinaryMask } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import type { Size } from '../../base/geometry.js';
import { MASK_OPACITY, RIM_OPACITY } from '../../image/draw/draw-overlay.js';
import { encodeImage } from '../../image/draw/encode-image.js';
import { FOOT_GROUND, layoutFoot, type Foot, type FootBlock } from '../../image/draw/layout-foot.js';
import {
  layoutLabels,
  sizeOverlay,
  type OverlayShape,
  type OverlaySizes,
  type PlacedLabel,
} from '../../image/draw/layout-overlay.js';
import { escapeMarkup, type Color } from '../../image/draw/render-text.js';
import { traceOutlines } from './trace-outlines.js';

/** From the baseline to the bottom of a text picture, in font sizes: the depth of DejaVu Sans's bar. */
const DESCENT = 0.24;

/**
 * The picture (embedded as JPEG) with masks, boxes and labels as vector shapes: an SVG file's text. A legend and the
 * foot stand below the picture.
 */
export async function formatOverlaySvg(
  image: RgbImage,
  shapes: readonly OverlayShape[],
  foot: readonly FootBlock[] = [],
): Promise<string> {
  const { width } = image;
  const sizes = sizeOverlay(image);
  const { labels, legend } = await layoutLabels(image, shapes, { hasLegend: true });
  const below = await layoutFoot(image, [...legend, ...foot], sizes.fontSize);
  const height = image.height + (below?.height ?? 0);
  const jpeg = Buffer.from(await encodeImage(image, 'jpeg')).toString('base64');
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<image width="${width}" height="${image.height}" href="data:image/jpeg;base64,${jpeg}"/>`,
    ...shapes.map((shape) => formatShape(shape, sizes)),
    ...labels.map((label, i) => formatLabel(label, shapes[i], sizes.rim)),
    ...(below === undefined ? [] : formatFoot(image, below)),
    '</svg>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** The rim lies below the coloured line, on both sides of it. */
function formatShape(shape: OverlayShape, { lineWidth, rim }: OverlaySizes): string {
  const color = formatColor(shape.color);
  const stroke = `stroke="${color}" stroke-width="${lineWidth}"`;
  const outline = shape.mask === undefined ? '' : traceMask(shape.mask);
  const path =
    outline === ''
      ? ''
      : `<path d="${outline}" fill="${color}" fill-opacity="${MASK_OPACITY}" fill-rule="evenodd" ${stroke}/>`;
  // Drawn inside the box, as in the raster picture.
  const { x0, y0, x1, y1 } = shape.box;
  const [x, y] = [round(x0 + lineWidth / 2), round(y0 + lineWidth / 2)];
  const place = `x="${x}" y="${y}" width="${round(Math.max(0, x1 - x0 - lineWidth))}" height="${round(Math.max(0, y1 - y0 - lineWidth))}" fill="none"`;
  return (
    `<g>${path}<rect ${place} stroke="${formatColor(shape.textColor)}" stroke-opacity="${RIM_OPACITY}" stroke-width="${lineWidth + 2 * rim}"/>` +
    `<rect ${place} ${stroke}/></g>`
  );
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

function formatLabel(label: PlacedLabel | undefined, shape: OverlayShape, rim: number): string {
  if (label === undefined) return '';
  const { strip, text, picture, fontSize, padding } = label;
  const place = `x="${strip.x0}" y="${strip.y0}" width="${strip.x1 - strip.x0}" height="${strip.y1 - strip.y0}"`;
  const y = strip.y1 - padding - DESCENT * fontSize;
  return (
    `<g><rect ${place} fill="none" stroke="${formatColor(shape.textColor)}" stroke-opacity="${RIM_OPACITY}" stroke-width="${2 * rim}"/>` +
    `<rect ${place} fill="${formatColor(shape.color)}"/>` +
    `${formatText(text, strip.x0 + padding, y, fontSize, picture.width, shape.textColor)}</g>`
  );
}

function formatFoot({ width, height }: Size, foot: Foot): string[] {
  return [
    `<rect y="${height}" width="${width}" height="${foot.height}" fill="${formatColor(FOOT_GROUND)}"/>`,
    ...foot.swatches.map(
      ({ area: { x0, y0, x1, y1 }, color }) =>
        `<rect x="${x0}" y="${y0 + height}" width="${x1 - x0}" height="${y1 - y0}" fill="${formatColor(color)}"/>`,
    ),
    ...foot.lines.map(({ text, picture, x, y, color }) => {
      const baseline = height + y + picture.height - DESCENT * foot.fontSize;
      return formatText(text, x, baseline, foot.fontSize, picture.width, color);
    }),
  ];
}

/** The viewer's own font must not run out of the width that ours was measured for. */
function formatText(
  text: string,
  x: number,
  y: number,
  fontSize: number,
  width: number,
  color: Color,
): string {
  return (
    `<text x="${x}" y="${round(y)}" font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold" font-size="${fontSize}"` +
    ` textLength="${width}" lengthAdjust="spacingAndGlyphs" fill="${formatColor(color)}">${escapeMarkup(text)}</text>`
  );
}

function formatColor(color: Color): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Hundredths of a pixel are enough. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
