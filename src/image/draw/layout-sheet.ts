import type { RgbImage } from '../../base/image.js';
import type { SheetPage } from '../../base/sheet-page.js';
import { breakLines, type TextLine, type WordWidths } from './break-lines.js';
import type { Color } from './render-text.js';

/** A picture on the sheet. */
export interface SheetTile {
  readonly image: RgbImage;
  /** The time of a frame, or the name of a picture. */
  readonly heading: string;
  /** What was found or answered. */
  readonly text: string;
  /** Draws what was found on a picture of any size. */
  readonly draw?: ((small: RgbImage) => Promise<RgbImage>) | undefined;
}

/** What stands at the top. */
export interface SheetHead {
  readonly title: string;
  /** Smaller, below it. */
  readonly subtitle: string;
}

/** A sheet with a place for everything on it, pixels. */
export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly ground: Color;
  /** Where each picture goes, and how long its longer side may be. */
  readonly cells: readonly {
    readonly tile: SheetTile;
    readonly x: number;
    readonly y: number;
    readonly side: number;
  }[];
  readonly lines: readonly (TextLine & { readonly x: number; readonly y: number })[];
}

/** How a page looks. Lengths are pixels. */
interface PageStyle {
  readonly width: number;
  /** Absent: as high as it becomes. */
  readonly height?: number;
  readonly margin: number;
  readonly gap: number;
  readonly font: number;
  /** Where there are many columns, it shrinks to this. */
  readonly leastFont: number;
  /** A picture is no wider than this. */
  readonly maxCell: number;
  readonly maxColumns: number;
  readonly ground: Color;
  readonly ink: Color;
  readonly dim: Color;
}

const styles: Readonly<Record<SheetPage, PageStyle>> = {
  screen: {
    ...{ width: 1920, margin: 32, gap: 20, font: 16, leastFont: 13, maxCell: 600, maxColumns: 8 },
    ...{ ground: [24, 24, 24], ink: [255, 255, 255], dim: [160, 160, 160] },
  },
  // Black on white: paper, and ink that costs money.
  a4: {
    ...{
      width: 2480,
      height: 3508,
      margin: 150,
      gap: 45,
      font: 42,
      leastFont: 22,
      maxCell: 1400,
      maxColumns: 12,
    },
    ...{ ground: [255, 255, 255], ink: [0, 0, 0], dim: [100, 100, 100] },
  },
};

/** Letters of an average line, for choosing the size of the font: at most this many font sizes wide. */
const FONTS_IN_CELL = 18;
const TITLE_SIZE = 1.8;
const LINE_HEIGHT = 1.35;
const MAX_TEXT_LINES = 8;
/** Where a page has no room for that. */
const FEW_TEXT_LINES = 3;
/** A small picture is shown at most this much larger. */
const MAX_ENLARGED = 2;
/** So that a title and a sentence have room below tiny pictures. */
const MIN_CELL = 240;
const MAX_HEADING_LINES = 2;

/**
 * Lay out pictures in rows, their texts below them, a title above them all. On a screen the page is 1,920 pixels wide
 * at most and as high as it becomes; on paper there are as many columns as it takes for one page.
 *
 * @param tiles one or more.
 */
export async function layoutSheet(
  tiles: readonly SheetTile[],
  head: SheetHead,
  page: SheetPage,
): Promise<SheetLayout> {
  const style = styles[page];
  const { height, maxColumns } = style;
  const first = Math.min(maxColumns, tiles.length, chooseColumns(tiles, style));
  if (height === undefined) return layoutRows(tiles, head, style, first, MAX_TEXT_LINES);
  const widths: WordWidths = new Map();
  for (const textLines of [MAX_TEXT_LINES, FEW_TEXT_LINES]) {
    for (let columns = first; columns <= maxColumns; columns++) {
      const layout = await layoutRows(tiles, head, style, columns, textLines, widths);
      if (layout.height <= height) return { ...layout, height };
    }
  }
  return layoutSheet(
    tiles.filter((_, index) => index % 2 === 0),
    head,
    page,
  );
}

/** Wide screens take more columns than rows; a page of paper is filled from few columns up. */
function chooseColumns(tiles: readonly SheetTile[], { height, width, margin, gap }: PageStyle): number {
  const { image } = tiles[0];
  if (height === undefined) return Math.ceil(Math.sqrt((tiles.length * 1.4 * image.height) / image.width));
  for (let columns = 1; ; columns++) {
    const cell = (width - 2 * margin) / columns - gap;
    const rows = Math.ceil(tiles.length / columns);
    const tileHeight = (cell * image.height) / Math.max(image.width, image.height) + gap;
    if (rows * tileHeight <= height - 2 * margin || columns >= tiles.length) return columns;
  }
}

async function layoutRows(
  tiles: readonly SheetTile[],
  head: SheetHead,
  style: PageStyle,
  columns: number,
  maxTextLines: number,
  widths: WordWidths = new Map(),
): Promise<SheetLayout> {
  const { margin, gap, ink, dim } = style;
  const room = Math.floor((style.width - 2 * margin - (columns - 1) * gap) / columns);
  const widest = Math.max(...tiles.map(({ image }) => shownSide(image, Infinity)));
  const cell = Math.min(style.maxCell, room, Math.max(MIN_CELL, widest));
  const font = Math.max(style.leastFont, Math.min(style.font, Math.round(cell / FONTS_IN_CELL)));
  const inner = columns * cell + (columns - 1) * gap;
  const width = style.height === undefined ? inner + 2 * margin : style.width;
  const headWidth = width - 2 * margin;
  const lineHeight = Math.round(font * LINE_HEIGHT);
  const lines: SheetLayout['lines'][number][] = [];
  const cells: SheetLayout['cells'][number][] = [];
  /** @returns where the next line may begin. */
  const write = async (
    text: string,
    [x, y, lineWidth]: readonly [number, number, number],
    [fontPixels, color, maxLines]: readonly [number, Color, number],
  ): Promise<number> => {
    const broken = await breakLines(text, { fontPixels, width: lineWidth, color, maxLines, widths });
    const step = Math.round(fontPixels * LINE_HEIGHT);
    for (const [row, line] of broken.entries()) lines.push({ ...line, x, y: y + row * step });
    return y + broken.length * step;
  };
  let y = margin;
  y = await write(head.title, [margin, y, headWidth], [Math.round(style.font * TITLE_SIZE), ink, 2]);
  y = await write(head.subtitle, [margin, y, headWidth], [style.font, dim, 2]);
  y += gap;
  for (let start = 0; start < tiles.length; start += columns) {
    const row = tiles.slice(start, start + columns);
    const below = y + Math.max(...row.map(({ image }) => shownHeight(image, cell))) + Math.round(font * 0.6);
    let end = below;
    for (const [index, tile] of row.entries()) {
      const x = margin + index * (cell + gap);
      cells.push({ tile, x, y, side: shownSide(tile.image, cell) });
      const afterHeading = await write(tile.heading, [x, below, cell], [font, dim, MAX_HEADING_LINES]);
      end = Math.max(end, await write(tile.text, [x, afterHeading, cell], [font, ink, maxTextLines]));
    }
    y = end + Math.max(gap, lineHeight);
  }
  return { width, height: y - Math.max(gap, lineHeight) + margin, ground: style.ground, cells, lines };
}

/** The longer side of a picture in a cell: the cell's width, unless that would enlarge it too much. */
function shownSide({ width, height }: RgbImage, cell: number): number {
  return Math.min(cell, MAX_ENLARGED * Math.max(width, height));
}

function shownHeight(image: RgbImage, cell: number): number {
  const { width, height } = image;
  return Math.ceil((height * shownSide(image, cell)) / Math.max(width, height));
}
