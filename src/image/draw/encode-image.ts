import { extname } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import { writeUnlessOther, type KeptFile } from '../../base/files/write-unless-other.js';
import { loadSharp } from '../load-sharp.js';

/** Picture formats that can be written. */
export type ImageFormat = 'png' | 'jpeg' | 'webp';

/**
 * 8-bit pixels, row-major: gray, RGB or RGBA by `data.length / (width * height)` being 1, 3 or 4. An RgbImage is
 * one.
 */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const formats: Readonly<Record<string, ImageFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** Widest or highest picture of a format, pixels: 16 and 14 bits in the files. PNG has room for any of ours. */
const maxSides: Readonly<Record<ImageFormat, number>> = { png: 2 ** 31 - 1, jpeg: 65_535, webp: 16_383 };

/** JPEG and WebP quality, 0..100: thin coloured lines stay clean. */
const QUALITY = 92;

/**
 * The format that a file name asks for.
 *
 * @throws {UsageError} its extension is not .png, .jpg, .jpeg or .webp.
 */
export function imageFormatOf(path: string): ImageFormat {
  const extension = extname(path).toLowerCase();
  const format = formats[extension];
  if (format === undefined) {
    throw new UsageError(
      'OUTPUT_UNKNOWN_FORMAT',
      `${showName(path)} does not say which picture format to write.`,
      { hint: 'Let the name end in .png, .jpg or .webp.' },
    );
  }
  return format;
}

/**
 * Encode pixels. JPEG has no alpha: it is flattened onto white.
 *
 * @param quality of JPEG and WebP, 0..100.
 * @throws {UsageError} the picture is larger than the format allows.
 */
export async function encodeImage(
  image: Pixels,
  format: ImageFormat,
  quality = QUALITY,
): Promise<Uint8Array> {
  const { width, height, data } = image;
  if (Math.max(width, height) > maxSides[format]) {
    throw new UsageError(
      'OUTPUT_TOO_LARGE',
      `A picture of ${width} x ${height} pixels does not fit into ${format.toUpperCase()}.`,
      { hint: 'Write it as .png.' },
    );
  }
  const channels = (data.length / (width * height)) as 1 | 3 | 4;
  const picture = loadSharp()(data, { raw: { width, height, channels }, limitInputPixels: false });
  // Without this a gray picture would be written as RGB.
  if (channels === 1) picture.toColourspace('b-w');
  switch (format) {
    case 'png':
      return picture.png().toBuffer();
    case 'jpeg':
      return picture.flatten({ background: '#fff' }).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
    case 'webp':
      return picture.webp({ quality, smartSubsample: true }).toBuffer();
  }
}

/**
 * Write pixels to a picture file whose extension chooses the format; whole or not at all.
 *
 * @param onKept where given, a file of other content is kept, and this is called with it.
 * @throws {UsageError} unknown extension, picture too large for the format, or a place that cannot be written to.
 */
export async function writeImage(image: Pixels, path: string, onKept?: KeptFile): Promise<void> {
  await writeUnlessOther(path, await encodeImage(image, imageFormatOf(path)), onKept);
}
