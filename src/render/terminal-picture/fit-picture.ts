import type { Size } from '../../base/geometry.js';

/** Room for a picture, in cells of the terminal; whole numbers of 1 or more. */
export interface PictureSpace {
  readonly columns: number;
  readonly rows: number;
  /** Pixels of a cell, if the terminal reports them; 8 x 16 otherwise: small enough that nothing sticks out. */
  readonly cellPixels?: Size;
}

/** A picture's size when shown. */
export interface FittedPicture {
  /** Cells that it covers, the last ones perhaps in part. */
  readonly columns: number;
  readonly rows: number;
  /** Pixels of which a cell has `cellPixels`. */
  readonly width: number;
  readonly height: number;
  /** It is as high as the space, rather than as wide or smaller. */
  readonly fillsHeight: boolean;
}

/** Cells are about twice as high as wide in nearly every font. */
export const DEFAULT_CELL_PIXELS: Size = { width: 8, height: 16 };

/** The largest size in the space that keeps the picture's shape; never larger than the picture. */
export function fitPicture(picture: Size, space: PictureSpace): FittedPicture {
  const cell = space.cellPixels ?? DEFAULT_CELL_PIXELS;
  const widthScale = (space.columns * cell.width) / picture.width;
  const heightScale = (space.rows * cell.height) / picture.height;
  const scale = Math.min(1, widthScale, heightScale);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return {
    columns: Math.ceil(width / cell.width),
    rows: Math.ceil(height / cell.height),
    width,
    height,
    fillsHeight: heightScale < Math.min(1, widthScale),
  };
}
