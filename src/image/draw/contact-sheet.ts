import type { RgbImage } from '../../base/image.js';
import type { SheetPage } from '../../base/sheet-page.js';
import { scaleToSide } from '../resize/scale-to-side.js';
import { shrinkImage } from '../resize/shrink-image.js';
import { layoutSheet, type SheetHead, type SheetTile } from './layout-sheet.js';
import { fillRectangle, pastePicture } from './paint.js';

/** Beyond this number tiles are thinned out: a sheet is meant to be looked at. */
const MAX_TILES = 96;
/** A few tiles are kept large, many smaller: the longer side, pixels. */
const FEW_TILES = 6;
const FEW_PIXELS = 1400;
const MANY_PIXELS = 720;

/**
 * A page of small pictures, each with its time or name and its answer below. Tiles may keep coming: once there are 96,
 * every other one is dropped, and from then on only every other one is added.
 */
export class ContactSheet {
  #tiles: SheetTile[] = [];
  #step = 1;
  #count = 0;

  /** Add a picture. Its pixels are not kept, a small copy is. */
  async add(tile: SheetTile): Promise<void> {
    if (this.#count++ % this.#step !== 0) return;
    if (this.#tiles.length === FEW_TILES) {
      this.#tiles = await Promise.all(this.#tiles.map((one) => shrinkTile(one, MANY_PIXELS)));
    }
    this.#tiles.push(await shrinkTile(tile, this.#tiles.length < FEW_TILES ? FEW_PIXELS : MANY_PIXELS));
    if (this.#tiles.length < MAX_TILES) return;
    this.#tiles = this.#tiles.filter((_, index) => index % 2 === 0);
    this.#step *= 2;
  }

  /** The sheet, or undefined when no picture was added. */
  async draw(head: SheetHead, page: SheetPage): Promise<RgbImage | undefined> {
    if (this.#tiles.length === 0) return undefined;
    const { width, height, ground, cells, lines } = await layoutSheet(this.#tiles, head, page);
    const canvas = { width, height, data: new Uint8Array(width * height * 3) };
    fillRectangle(canvas, { x0: 0, y0: 0, x1: width, y1: height }, ground);
    for (const { tile, x, y, side } of cells) {
      const small = await scaleToSide(tile.image, side);
      pasteOpaque(canvas, (await tile.draw?.(small)) ?? small, x, y);
    }
    for (const { picture, x, y } of lines) pastePicture(canvas, picture, x, y);
    return canvas;
  }
}

async function shrinkTile(tile: SheetTile, side: number): Promise<SheetTile> {
  return { ...tile, image: await shrinkImage(tile.image, side) };
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
