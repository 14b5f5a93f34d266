import type { Size } from '../../base/geometry.js';
import type { RgbImage } from '../../base/image.js';

/** A part of a picture. */
export interface Tile extends Size {
  /** Its left and top edges in the picture, in pixels. */
  readonly x: number;
  readonly y: number;
}

/**
 * The share of a tile that its neighbour also shows: an object up to a fifth of a tile long is whole in one of them.
 */
const OVERLAP = 0.2;

/**
 * Tiles that cover a picture, row by row: `count` along its longer side, and along the other side enough to keep them
 * roughly square. Neighbours overlap by a fifth of a tile.
 *
 * @param count 1 or more; 1 gives the whole picture.
 */
export function layoutTiles({ width, height }: Size, count: number): Tile[] {
  const side = tileLength(Math.max(width, height), count);
  const columns = splitLength(width, width >= height ? count : countTiles(width, side));
  const rows = splitLength(height, height > width ? count : countTiles(height, side));
  return rows.flatMap(([y, tileHeight]) =>
    columns.map(([x, tileWidth]) => ({ x, y, width: tileWidth, height: tileHeight })),
  );
}

/** A copy of the tile's pixels. */
export function cutTile(image: RgbImage, { x, y, width, height }: Tile): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * image.width + x) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/** Length of each of `count` tiles that cover `length` and overlap. */
function tileLength(length: number, count: number): number {
  return length / (count - (count - 1) * OVERLAP);
}

/** The smallest number of tiles, none longer than `side`, that cover `length`. */
function countTiles(length: number, side: number): number {
  return Math.max(1, Math.ceil((length / side - OVERLAP) / (1 - OVERLAP) - 1e-9));
}

/** Start and length of each tile along one side, in whole pixels; the last tile ends where the side ends. */
function splitLength(length: number, wanted: number): [start: number, length: number][] {
  // A tile has at least one pixel.
  const count = Math.min(wanted, length);
  const tile = Math.ceil(tileLength(length, count));
  return Array.from({ length: count }, (_, i) => [
    count === 1 ? 0 : Math.round((i * (length - tile)) / (count - 1)),
    tile,
  ]);
}
