import type { RgbImage } from '../../base/image.js';
import { pastePicture } from './paint.js';
import { cleanLine, renderText } from './render-text.js';
import { shrinkImage } from '../resize/shrink-image.js';

/** One frame on the sheet. */
interface Tile {
  readonly picture: RgbImage;
  readonly time: string;
  readonly text: string;
}

/** Longer side of a small picture, pixels: eight in a row fill a wide screen. */
const TILE_PIXELS = 240;
const GAP_PIXELS = 8;
const FONT_PIXELS = 14;
const LINE_PIXELS = 22;
/** Beyond this number frames are thinned out: a sheet is meant to be looked at. */
const MAX_TILES = 96;
const MAX_COLUMNS = 8;
const GROUND = 24;

/**
 * A grid of small pictures, each with its time and its answer below. Frames may keep coming: once there are 96, every
 * other one is dropped, and from then on only every other one is added.
 */
export class ContactSheet {
  #tiles: Tile[] = [];
  #step = 1;
  #count = 0;

  /** Add a frame. Its pixels are not kept, a small copy is. */
  async add(image: RgbImage, time: string, text: string): Promise<void> {
    if (this.#count++ % this.#step !== 0) return;
    this.#tiles.push({ picture: await shrinkImage(image, TILE_PIXELS), time, text });
    if (this.#tiles.length < MAX_TILES) return;
    this.#tiles = this.#tiles.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  /** The sheet, or undefined when no frame was added. */
  async draw(): Promise<RgbImage | undefined> {
    if (this.#tiles.length === 0) return undefined;
    const { width, height } = this.#tiles[0].picture;
    const columns = Math.min(MAX_COLUMNS, Math.ceil(Math.sqrt(this.#tiles.length)));
    const rows = Math.ceil(this.#tiles.length / columns);
    const [stepX, stepY] = [width + GAP_PIXELS, height + 2 * LINE_PIXELS + GAP_PIXELS];
    const sheet = { width: columns * stepX + GAP_PIXELS, height: rows * stepY + GAP_PIXELS };
    const canvas = { ...sheet, data: new Uint8Array(sheet.width * sheet.height * 3).fill(GROUND) };
    for (const [index, tile] of this.#tiles.entries()) {
      const x = GAP_PIXELS + (index % columns) * stepX;
      const y = GAP_PIXELS + Math.floor(index / columns) * stepY;
      pasteOpaque(canvas, tile.picture, x, y);
      await writeLine(canvas, tile.time, x, y + height, width, [160, 160, 160]);
      await writeLine(canvas, tile.text, x, y + height + LINE_PIXELS, width, [255, 255, 255]);
    }
    return canvas;
  }
}

function pasteOpaque(canvas: RgbImage, picture: RgbImage, x: number, y: number): void {
  for (let row = 0; row < picture.height; row++) {
    const from = row * picture.width * 3;
    canvas.data.set(
      picture.data.subarray(from, from + picture.width * 3),
      ((y + row) * canvas.width + x) * 3,
    );
  }
}

/** One line, shortened with an ellipsis until it fits. */
async function writeLine(
  canvas: RgbImage,
  text: string,
  x: number,
  y: number,
  maxWidth: number,
  color: readonly [number, number, number],
): Promise<void> {
  let line = cleanLine(text);
  while (line !== '') {
    const picture = await renderText(line, FONT_PIXELS, color);
    if (picture === undefined) return;
    if (picture.width <= maxWidth) return pastePicture(canvas, picture, x, y + 2);
    const characters = Array.from(line.replace(/…$/, ''));
    const keep = Math.min(characters.length - 1, Math.floor((characters.length * maxWidth) / picture.width));
    line = keep < 1 ? '' : `${characters.slice(0, keep).join('')}…`;
  }
}
