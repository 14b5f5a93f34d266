import { decodeImage } from '../image/decode-image.js';
import type { DecodedPicture } from './ask-about-pictures.js';

export type { DecodedPicture } from './ask-about-pictures.js';

/**
 * Decode a picture that will be asked about more than once.
 *
 * @param source a path, or the bytes of a picture file.
 * @param name what messages call it.
 * @throws {InputError} missing, not a picture, damaged, or too large.
 */
export async function openPicture(source: string | Uint8Array, name?: string): Promise<DecodedPicture> {
  const startedAt = performance.now();
  const image = await decodeImage(source, name === undefined ? {} : { name });
  return { image, decodeMs: performance.now() - startedAt };
}
