import type { RgbImage } from '../../base/image.js';
import { decodeImage } from '../../image/decode/decode-image.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';
import type { DecodedPicture } from './decode-pictures.js';

/** Sharp on the largest preview a terminal shows, and quick to draw on. */
export const THUMBNAIL_PIXELS = 960;

/** A picture to show and to ask about more than once. */
export interface PreparedPicture extends DecodedPicture {
  /** The same picture, at most 960 pixels wide and high. */
  readonly thumbnail: RgbImage;
}

/**
 * Decode a picture that will be asked about more than once.
 *
 * @param source a path, or the bytes of a picture file.
 * @param name what messages call it.
 * @throws {InputError} missing, not a picture, damaged, or too large.
 */
export async function openPicture(source: string | Uint8Array, name?: string): Promise<PreparedPicture> {
  const startedAt = performance.now();
  const image = await decodeImage(source, name === undefined ? {} : { name });
  const decodeMs = performance.now() - startedAt;
  return { image, decodeMs, thumbnail: await shrinkImage(image, THUMBNAIL_PIXELS) };
}
