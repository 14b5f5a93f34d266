import { InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import { showName } from '../../base/show-name.js';
import { decodeBytes, hintAtFormats } from './decode-bytes.js';
import { drawSvg, isSvg } from './draw-svg.js';
import { MAX_FILE_BYTES, readImageFile } from './read-image-file.js';

export interface DecodeOptions {
  /** What messages call a picture that comes as bytes, for instance `standard input`. */
  readonly name?: string;
  /** Stops the drawing of an SVG; other formats decode quickly. */
  readonly signal?: AbortSignal;
}

/**
 * Decode a picture of any format that sharp reads, to 8-bit RGB.
 *
 * EXIF orientation is applied, alpha flattened onto white, gray repeated, 16 bits cut to their upper 8 (values that
 * use 12 of them, and shares from 0 to 1, are scaled first), CMYK
 * converted by Pillow's formula, the first frame of an animation taken. Colour profiles are ignored, as in the
 * reference and in training.
 *
 * @param source a path, or the bytes of a picture file.
 * @throws {InputError} missing, a folder, not readable, not a picture, damaged, too large or without pixels.
 */
export async function decodeImage(
  source: string | Uint8Array,
  options: DecodeOptions = {},
): Promise<RgbImage> {
  const name = showName(options.name ?? (typeof source === 'string' ? source : 'the picture'));
  const bytes = typeof source === 'string' ? await readImageFile(source) : source;
  if (bytes.length === 0) {
    throw new InputError('IMAGE_EMPTY', `${name} is empty.`, { hint: hintAtFormats(name) });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new InputError('IMAGE_TOO_LARGE', `${name} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB.`);
  }
  return isSvg(bytes) ? drawSvg(bytes, name, options.signal) : decodeBytes(bytes, name);
}
