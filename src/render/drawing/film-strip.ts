import type { Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import { resizeBicubic } from '../../image/resize/resize-bicubic.js';
import { blockDepth, type DrawnPicture } from './draw-for-terminal.js';
import { drawSmallOverlay } from './small-overlay.js';
import { cellGrids, type BlockSymbols } from '../terminal-picture/block-symbols.js';
import type { ProtocolChoice } from '../terminal-picture/choose-protocol.js';
import { encodeBlocks, type ColorDepth } from '../terminal-picture/encode-blocks.js';
import { encodeTerminalPicture } from '../terminal-picture/encode-terminal-picture.js';

/** A frame in a strip, with what was found on it. */
export interface FilmFrame {
  /** Of any size. */
  readonly image: RgbImage;
  readonly detections: readonly Detection[];
  /** The size that the detections are in. */
  readonly size: Size;
}

/** How a strip is set, in cells of the terminal. */
export interface FilmLayout {
  /** Of each frame. */
  readonly columns: number;
  readonly rows: number;
  /** Columns between frames. */
  readonly gap: number;
  /** Labels in the order in which colours are assigned. */
  readonly labels: readonly string[];
}

/** Pixels of a cell where the terminal draws pixels: twice those of a usual font. */
const CELL = { width: 16, height: 32 };

/** The cells of a frame in this space: its shape kept as well as whole rows allow. */
export function fitFilmFrame(
  { width, height }: Size,
  room: { readonly columns: number; readonly rows: number },
): { columns: number; rows: number } {
  // A cell is twice as high as wide.
  const high = (room.columns * height) / width / 2;
  if (high <= room.rows) return { columns: room.columns, rows: Math.max(1, Math.round(high)) };
  return { columns: Math.max(1, Math.round((room.rows * 2 * width) / height)), rows: room.rows };
}

/**
 * Draw frames side by side.
 * @param frames one or more.
 */
export async function drawFilm(
  frames: readonly FilmFrame[],
  layout: FilmLayout,
  choice: ProtocolChoice,
): Promise<DrawnPicture> {
  const { rows } = layout;
  const columns = frames.length * (layout.columns + layout.gap) - layout.gap;
  const depth = blockDepth(choice);
  if (depth !== undefined)
    return { columns, rows, isText: true, text: drawBlocks(frames, layout, depth, choice.symbols) };
  // One picture of them all: the terminal shows it as it shows any other.
  const text = await encodeTerminalPicture(drawPixels(frames, layout, columns), choice, { columns, rows });
  return { columns, rows, isText: false, text };
}

function drawBlocks(
  frames: readonly FilmFrame[],
  { columns, rows, gap, labels }: FilmLayout,
  depth: ColorDepth,
  symbols: BlockSymbols = 'half',
): string {
  const grid = cellGrids[symbols];
  const lines = frames.map(({ image, detections, size }) => {
    const small = resizeBicubic(image, columns * grid.columns, rows * grid.rows);
    return encodeBlocks(drawSmallOverlay(small, detections, size, { labels }), depth, symbols)
      .trimEnd()
      .split('\n');
  });
  const text = lines[0].map((_, row) => lines.map((of) => of[row]).join(' '.repeat(gap)));
  return `${text.join('\n')}\n`;
}

function drawPixels(
  frames: readonly FilmFrame[],
  { columns, rows, gap, labels }: FilmLayout,
  allColumns: number,
): RgbImage {
  const width = allColumns * CELL.width;
  const height = rows * CELL.height;
  const canvas = { width, height, data: new Uint8Array(width * height * 3) };
  for (const [index, { image, detections, size }] of frames.entries()) {
    const small = resizeBicubic(image, columns * CELL.width, height);
    const left = index * (columns + gap) * CELL.width;
    copyPicture(canvas, drawSmallOverlay(small, detections, size, { labels, lineWidth: 2 }), left);
  }
  return canvas;
}

/** To the canvas's top. */
function copyPicture(canvas: RgbImage, { width, height, data }: RgbImage, left: number): void {
  for (let y = 0; y < height; y++) {
    canvas.data.set(data.subarray(y * width * 3, (y + 1) * width * 3), (y * canvas.width + left) * 3);
  }
}
