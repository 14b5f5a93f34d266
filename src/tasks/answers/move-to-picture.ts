import type { BinaryMask, Detection } from '../../base/detection.js';
import type { Size } from '../../base/geometry.js';
import { boxToBins } from '../../tokens/region-bins.js';
import type { Tile } from '../inputs/cut-tiles.js';

/**
 * What was found in a tile, in the picture's pixels: the box, the bins the model would have given for the whole
 * picture, and the mask if there is one.
 */
export function moveToPicture<Found extends Pick<Detection, 'box' | 'bins' | 'mask'>>(
  found: Found,
  tile: Tile,
  picture: Size,
): Found {
  const { box, mask } = found;
  const moved = { x0: box.x0 + tile.x, y0: box.y0 + tile.y, x1: box.x1 + tile.x, y1: box.y1 + tile.y };
  return {
    ...found,
    box: moved,
    bins: boxToBins(moved, picture),
    ...(mask === undefined ? {} : { mask: moveMask(mask, tile, picture) }),
  };
}

function moveMask(mask: BinaryMask, tile: Tile, { width, height }: Size): BinaryMask {
  const data = new Uint8Array(width * height);
  for (let row = 0; row < mask.height; row++) {
    const from = row * mask.width;
    data.set(mask.data.subarray(from, from + mask.width), (tile.y + row) * width + tile.x);
  }
  return { width, height, data };
}
