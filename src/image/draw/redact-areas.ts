import type { Box } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { fillRectangle } from './paint.js';

/** Cells across the shorter side of an area: few enough that a face or a word is lost for good. */
const CELLS = 5;
const MIN_CELL_PIXELS = 8;

/**
 * Hide areas of a picture, in place. All that is left of an area is the mean colours of at most 5 cells across its
 * shorter side, as squares or blurred; `box` leaves only black.
 */
export function redactAreas(image: RgbImage, areas: readonly Box[], style: RedactStyle): void {
  for (const area of areas) {
    const x0 = Math.max(0, Math.floor(area.x0));
    const y0 = Math.max(0, Math.floor(area.y0));
    const x1 = Math.min(image.width, Math.ceil(area.x1));
    const y1 = Math.min(image.height, Math.ceil(area.y1));
    if (x1 <= x0 || y1 <= y0) continue;
    if (style === 'box') fillRectangle(image, { x0, y0, x1, y1 }, [0, 0, 0]);
    else paintCells(image, averageCells(image, { x0, y0, x1, y1 }), style === 'blur');
  }
}

/** Mean colours of the square cells of an area; the last row and column may be cut. */
interface Cells {
  readonly area: Box;
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows][columns][3]. */
  readonly means: Float64Array;
}

function averageCells({ width, data }: RgbImage, area: Box): Cells {
  const areaWidth = area.x1 - area.x0;
  const areaHeight = area.y1 - area.y0;
  const side = Math.max(MIN_CELL_PIXELS, Math.ceil(Math.min(areaWidth, areaHeight) / CELLS));
  const columns = Math.ceil(areaWidth / side);
  const rows = Math.ceil(areaHeight / side);
  const means = new Float64Array(rows * columns * 3);
  const counts = new Float64Array(rows * columns);
  for (let y = area.y0; y < area.y1; y++) {
    for (let x = area.x0; x < area.x1; x++) {
      const cell = Math.floor((y - area.y0) / side) * columns + Math.floor((x - area.x0) / side);
      counts[cell]++;
      for (let channel = 0; channel < 3; channel++) {
        means[cell * 3 + channel] += data[(y * width + x) * 3 + channel];
      }
    }
  }
  return { area, side, columns, rows, means: means.map((sum, i) => sum / counts[Math.floor(i / 3)]) };
}

/** Each cell in its colour, or blended smoothly from the middle of one cell to the next. */
function paintCells({ width, data }: RgbImage, cells: Cells, isSmooth: boolean): void {
  const { area, side, columns, rows, means } = cells;
  for (let y = area.y0; y < area.y1; y++) {
    const [top, bottom, down] = between((y - area.y0 + 0.5) / side, rows, isSmooth);
    for (let x = area.x0; x < area.x1; x++) {
      const [left, right, across] = between((x - area.x0 + 0.5) / side, columns, isSmooth);
      for (let channel = 0; channel < 3; channel++) {
        const mean = (row: number, column: number): number => means[(row * columns + column) * 3 + channel];
        const upper = mean(top, left) + (mean(top, right) - mean(top, left)) * across;
        const lower = mean(bottom, left) + (mean(bottom, right) - mean(bottom, left)) * across;
        data[(y * width + x) * 3 + channel] = Math.round(upper + (lower - upper) * down);
      }
    }
  }
}

/** The two cells that a place lies between, and how far it is from the first to the second. */
function between(place: number, count: number, isSmooth: boolean): [number, number, number] {
  if (!isSmooth) return [Math.floor(place), Math.floor(place), 0];
  const first = Math.floor(place - 0.5);
  return [Math.max(0, first), Math.min(count - 1, first + 1), place - 0.5 - first];
}
