import type { Size } from '../base/geometry.js';
import type { RgbImage } from '../base/image.js';
import { resizeBicubic } from '../image/resize-bicubic.js';
import { formatClock } from '../render/format-clock.js';
import { drawSmallOverlay } from '../render/small-overlay.js';
import type { ProtocolChoice } from '../render/terminal-picture/choose-protocol.js';
import { encodeBlocks } from '../render/terminal-picture/encode-blocks.js';
import { encodeTerminalPicture } from '../render/terminal-picture/encode-terminal-picture.js';
import { PICTURE_INDENT, pictureSpace, type WindowSize } from './draw-picture.js';
import { pickEvenly } from './evenly-kept.js';
import type { ShownPicture } from './session-state.js';
import type { ShownStrip, StripFrame } from './video-state.js';

/** More would be too many processes for opening a video. */
const MAX_FRAMES = 6;
/** A frame's width, columns; with these rows it is as high as wide. */
const MIN_COLUMNS = 10;
const MAX_COLUMNS = 18;
const MAX_ROWS = 6;
/** Columns between frames. */
const GAP = 2;
/** Pixels of a cell where the terminal draws pixels: twice those of a usual font. */
const CELL = { width: 16, height: 32 };

/** How many frames a strip in this window has at most; 0 when the terminal can draw none, or has no room. */
export function stripLength(choice: ProtocolChoice | undefined, window: WindowSize): number {
  if (choice === undefined || choice.protocol === 'ascii' || pictureSpace(window) === undefined) return 0;
  return Math.max(1, Math.min(MAX_FRAMES, Math.floor((stripColumns(window) + GAP) / (MIN_COLUMNS + GAP))));
}

/**
 * Frames side by side, evenly chosen, with what was found on them, in the best way that the terminal can.
 *
 * @param decimals of their times.
 * @param labels in the order in which they get their colours.
 * @returns undefined when there is no room, or the terminal can draw none.
 */
export async function drawStrip(
  frames: readonly StripFrame[],
  { decimals, labels }: { readonly decimals: number; readonly labels: readonly string[] },
  choice: ProtocolChoice | undefined,
  window: WindowSize,
): Promise<ShownStrip | undefined> {
  const length = stripLength(choice, window);
  if (length === 0 || choice === undefined || frames.length === 0) return undefined;
  const shown = pickEvenly(frames, length);
  const room = Math.floor((stripColumns(window) + GAP) / length) - GAP;
  const cells = fitFrame(shown[0].size, { columns: Math.min(MAX_COLUMNS, room), rows: MAX_ROWS });
  const isBlocks = choice.protocol === 'blocks' || choice.protocol === 'blocks-256';
  const picture = isBlocks
    ? drawBlocks(shown, labels, choice, cells)
    : await drawPixels(shown, labels, choice, cells);
  const step = cells.columns + GAP;
  const times = shown.map(({ timeSeconds }) => formatClock(timeSeconds, decimals).slice(0, step - 1));
  return {
    picture,
    times: times
      .map((time) => time.padEnd(step))
      .join('')
      .trimEnd(),
  };
}

function drawBlocks(
  frames: readonly StripFrame[],
  labels: readonly string[],
  { protocol }: ProtocolChoice,
  { columns, rows }: WindowSize,
): ShownPicture {
  const depth = protocol === 'blocks' ? '24-bit' : '256';
  const lines = frames.map(({ image, detections, size }) => {
    const drawn = drawSmallOverlay(resizeBicubic(image, columns, rows * 2), detections, size, { labels });
    return encodeBlocks(drawn, depth).trimEnd().split('\n');
  });
  const text = lines[0].map((_, row) => lines.map((of) => of[row]).join(' '.repeat(GAP)));
  return {
    columns: frames.length * (columns + GAP) - GAP,
    rows,
    text: `${text.join('\n')}\n`,
    isText: true,
  };
}

/** One picture of them all: the terminal shows it as it shows any other. */
async function drawPixels(
  frames: readonly StripFrame[],
  labels: readonly string[],
  choice: ProtocolChoice,
  { columns, rows }: WindowSize,
): Promise<ShownPicture> {
  const all = { columns: frames.length * (columns + GAP) - GAP, rows };
  const width = all.columns * CELL.width;
  const canvas = { width, height: rows * CELL.height, data: new Uint8Array(width * rows * CELL.height * 3) };
  for (const [index, { image, detections, size }] of frames.entries()) {
    const small = resizeBicubic(image, columns * CELL.width, rows * CELL.height);
    const left = index * (columns + GAP) * CELL.width;
    copyPicture(canvas, drawSmallOverlay(small, detections, size, { labels, lineWidth: 2 }), left);
  }
  return { ...all, text: await encodeTerminalPicture(canvas, choice, all), isText: false };
}

/** To the canvas's top. */
function copyPicture(canvas: RgbImage, { width, height, data }: RgbImage, left: number): void {
  for (let y = 0; y < height; y++) {
    canvas.data.set(data.subarray(y * width * 3, (y + 1) * width * 3), (y * canvas.width + left) * 3);
  }
}

/** The cells of a frame: its shape kept as well as whole rows allow. */
function fitFrame({ width, height }: Size, { columns, rows }: WindowSize): WindowSize {
  const high = (columns * height) / width / 2;
  if (high <= rows) return { columns, rows: Math.max(1, Math.round(high)) };
  return { columns: Math.max(1, Math.round((rows * 2 * width) / height)), rows };
}

function stripColumns({ columns }: WindowSize): number {
  return columns - 2 * PICTURE_INDENT;
}
