import type { BinaryMask } from '../../base/detection.js';
import type { Box, Size } from '../../base/geometry.js';
import type { Pixels } from './encode-image.js';
import type { FootBlock } from './layout-foot.js';
import type { PixelRectangle } from './paint.js';
import { placeStrip } from './place-strip.js';
import { createTextCache, type LabelText } from './render-label.js';
import { cleanLine, type Color } from './render-text.js';

/** An object to draw. */
export interface OverlayShape {
  readonly box: Box;
  readonly mask?: BinaryMask | undefined;
  /** Drawn on a strip of `color`; empty for none. */
  readonly label: string;
  /** Drawn behind the label; the first to go where room is short, unless `keepsScore`. */
  readonly score?: string | undefined;
  /** The user asked for scores: they are drawn wherever the picture has room for a label or a legend. */
  readonly keepsScore?: boolean;
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
  readonly fontSize: number;
  /** Between the strip's edge and its text, pixels. */
  readonly padding: number;
}

/** Sizes that fit a picture, in its pixels. */
export interface OverlaySizes {
  readonly lineWidth: number;
  /** The line on both sides of a coloured one. */
  readonly rim: number;
  readonly fontSize: number;
}

/** Labels of a picture. */
export interface LabelLayout {
  /** One for each shape; undefined where there is no label, or where the picture is too small for it. */
  readonly labels: readonly (PlacedLabel | undefined)[];
  /** What the numbers mean that stand in for labels without room: one block for each class. */
  readonly legend: readonly FootBlock[];
}

/** How labels may be set. */
export interface LabelOptions {
  /** Labels without room become numbers, which a legend explains. */
  readonly hasLegend?: boolean;
}

/** Smallest font that can be read, pixels. */
const MIN_FONT_PIXELS = 9;
/** Where room is short, labels may be this much smaller. */
const SMALLER = 0.8;
const LEAST_FONT_PIXELS = 8;
/** Of a label that is cut, against what it hides. */
const CUT_COST = 1;
/** With more numbers than these, a legend leaves out the scores. */
const MAX_LEGEND_SCORES = 4;

/**
 * Line width and font grow with the picture, so that both can be read when it is shown whole; the short side
 * bounds them, so that a panorama is not covered. 960 x 640 gives 3 and 19 pixels.
 */
export function sizeOverlay(picture: Size): OverlaySizes {
  const middle = Math.sqrt(picture.width * picture.height);
  const shortSide = Math.min(picture.width, picture.height);
  const fontSize = Math.max(MIN_FONT_PIXELS, Math.round(Math.min(middle * 0.024, shortSide * 0.06)));
  const lineWidth = fontSize < 10 ? 1 : Math.max(2, Math.floor(fontSize / 6));
  return { lineWidth, rim: Math.max(1, Math.round(lineWidth / 4)), fontSize };
}

/**
 * Find a place for each shape's label where it hides neither objects nor other labels. Where there is none it loses
 * its score, unless that is kept, then becomes smaller, then a number that a legend explains: that of the object in the
 * results, from 1. The smallest objects choose first.
 */
export async function layoutLabels(
  picture: Size,
  shapes: readonly OverlayShape[],
  { hasLegend = false }: LabelOptions = {},
): Promise<LabelLayout> {
  const { fontSize } = sizeOverlay(picture);
  const small = Math.max(LEAST_FONT_PIXELS, Math.round(fontSize * SMALLER));
  const render = createTextCache();
  const boxes = shapes.map(({ box }) => box);
  const taken: PixelRectangle[] = [];
  const labels: (PlacedLabel | undefined)[] = shapes.map(() => undefined);
  const numbered: number[] = [];
  for (const index of smallestFirst(boxes)) {
    const shape = shapes[index];
    const full = joinScore(shape);
    if (full === '') continue;
    const number = String(index + 1);
    const { label, score, keepsScore = false } = shape;
    const isKept = keepsScore && score !== undefined && cleanLine(label) !== '';
    const whole: LabelText = isKept ? { head: label, tail: ` ${score}` } : { head: full, tail: '' };
    const shorter: LabelText = keepsScore ? whole : { head: label, tail: '' };
    const tries = [
      { ...whole, font: fontSize },
      ...(score === undefined || keepsScore ? [] : [{ ...shorter, font: fontSize }]),
      { ...shorter, font: small },
      ...(hasLegend ? [{ head: number, tail: '', font: fontSize }] : []),
    ].filter(({ head }) => head !== '');
    let best: { readonly label: PlacedLabel; readonly cost: number } | undefined;
    for (const { head, tail, font } of tries) {
      const text = head + tail;
      const padding = Math.max(1, Math.round(font / 6));
      const line = await render(shape.textColor, { head, tail }, font, picture.width - 2 * padding);
      if (line === undefined) continue;
      const size = { width: line.picture.width + 2 * padding, height: line.picture.height + 2 * padding };
      const place = placeStrip(picture, boxes, index, size, taken);
      if (place === undefined) continue;
      const isCut = line.text !== text;
      const cost = place.cost + (isCut ? CUT_COST : 0);
      if (best === undefined || cost < best.cost || text === number) {
        best = { label: { ...line, strip: place.strip, fontSize: font, padding }, cost };
      }
      if (place.isGood && !isCut) break;
    }
    if (best === undefined) continue;
    labels[index] = best.label;
    taken.push(best.label.strip);
    if (hasLegend && best.label.text === number && number !== full) numbered.push(index);
  }
  return { labels, legend: formatLegend(shapes, numbered) };
}

function smallestFirst(boxes: readonly Box[]): number[] {
  const areas = boxes.map(({ x0, y0, x1, y1 }) => (x1 - x0) * (y1 - y0));
  return areas.map((_, index) => index).sort((a, b) => areas[a] - areas[b] || a - b);
}

function joinScore({ label, score }: OverlayShape): string {
  return [label, score ?? ''].filter((part) => cleanLine(part) !== '').join(' ');
}

/** `person: 3, 7 (0.61)`: the numbers of each class. */
function formatLegend(shapes: readonly OverlayShape[], numbered: readonly number[]): FootBlock[] {
  const classes = new Map<string, { readonly color: Color; readonly entries: string[] }>();
  for (const index of numbered.toSorted((a, b) => a - b)) {
    const { label, score, color, keepsScore = false } = shapes[index];
    if (!classes.has(label)) classes.set(label, { color, entries: [] });
    classes
      .get(label)!
      .entries.push(
        score === undefined || (numbered.length > MAX_LEGEND_SCORES && !keepsScore)
          ? `${index + 1}`
          : `${index + 1} (${score})`,
      );
  }
  return Array.from(classes, ([label, { color, entries }]) => ({
    text: `${cleanLine(label)}: ${entries.join(', ')}`,
    swatch: color,
  }));
}
