import type { Metadata, Sharp } from 'sharp';
import { InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import { showName } from '../../base/show-name.js';
import { hasVideoExtension } from '../../base/video/has-video-extension.js';
import { convertToRgb, type ChannelKind } from './convert-to-rgb.js';
import { findLevelFactor } from './find-level-factor.js';
import { isSound } from './is-sound.js';
import { loadSharp } from '../load-sharp.js';

/**
 * Most pixels that are decoded (192 Mi, 576 MiB as RGB): the 200-megapixel pictures of phones (16320 x 12240)
 * fit, and a small file that claims to be enormous is refused before anything is unpacked.
 */
export const MAX_PIXELS = 192 * 1024 * 1024;

const KNOWN_FORMATS = 'pali reads JPEG, PNG, WebP, GIF, AVIF, TIFF and SVG.';

/** What to do about a file that holds no picture: one that is called as videos are was hardly meant as one. */
export function hintAtFormats(name: string): string {
  return hasVideoExtension(name) ? 'It may be damaged: copy or download it again.' : KNOWN_FORMATS;
}

/**
 * Decode the bytes of a picture in this process; see decodeImage, which keeps SVG out of it.
 * @param name what messages call it.
 * @throws {InputError} not a picture, damaged, too large or without pixels. {ToolMissingError} sharp cannot be loaded.
 */
export async function decodeBytes(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const metadata = await readMetadata(bytes, name);
  checkMetadata(metadata, name);
  return decodePixels(bytes, metadata, name);
}

async function readMetadata(bytes: Uint8Array, name: string): Promise<Metadata> {
  const sharp = loadSharp();
  try {
    // Our own limit is checked on the result: sharp's would not say how large the picture is.
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('unsupported image format')) {
      if (isSound(bytes)) {
        throw new InputError('IMAGE_UNKNOWN_FORMAT', `${name} holds sound only, and no picture.`, { cause });
      }
      const what = hasVideoExtension(name) ? 'neither a picture nor a video' : 'not a picture';
      throw new InputError('IMAGE_UNKNOWN_FORMAT', `${name} is ${what} that pali can read.`, {
        hint: hintAtFormats(name),
        cause,
      });
    }
    throw damaged(name, cause);
  }
}

function checkMetadata(metadata: Metadata, name: string): void {
  const { width, height } = metadata;
  if (!(width > 0 && height > 0)) {
    throw new InputError('IMAGE_EMPTY', `${name} has no pixels.`, { hint: hintAtFormats(name) });
  }
  if (width * height > MAX_PIXELS) {
    throw new InputError(
      'IMAGE_TOO_LARGE',
      `${name} has ${width} x ${height} pixels; at most ${Math.floor(MAX_PIXELS / 1e6)} million can be decoded.`,
      { hint: 'Make the picture smaller first: the model sees at most 896 x 896 pixels of it.' },
    );
  }
  if (metadata.format === 'heif' && metadata.compression !== 'av1') {
    throw new InputError('IMAGE_UNKNOWN_FORMAT', `${name} is a HEIC picture, which pali cannot decode.`, {
      hint: 'Save it as JPEG or PNG first.',
    });
  }
}

async function decodePixels(bytes: Uint8Array, metadata: Metadata, name: string): Promise<RgbImage> {
  const isCmyk = metadata.space === 'cmyk';
  // 'error' also refuses truncated data, but not what libraries only warn about, such as an odd profile.
  let picture: Sharp = loadSharp()(bytes, {
    failOn: 'error',
    ignoreIcc: true,
    limitInputPixels: MAX_PIXELS,
  }).autoOrient();
  picture = isCmyk
    ? picture.pipelineColourspace('cmyk').toColourspace('cmyk')
    : picture.toColourspace('srgb');
  try {
    const factor = await findLevelFactor(bytes, metadata, MAX_PIXELS);
    if (factor !== 1) picture = picture.linear(factor, 0);
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    const kind: ChannelKind = isCmyk ? 'cmyk' : info.channels < 3 ? 'gray' : 'rgb';
    return {
      width: info.width,
      height: info.height,
      // Not a Buffer: its slice() and its serialised form differ from a Uint8Array's.
      data: convertToRgb(new Uint8Array(data.buffer, data.byteOffset, data.length), info.channels, kind),
    };
  } catch (cause) {
    throw damaged(name, cause);
  }
}

function damaged(name: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  // libvips repeats itself line by line; the first line is enough.
  const line = showName(reason.split('\n')[0]);
  return new InputError('IMAGE_DAMAGED', `${name} is damaged or incomplete (${line}).`, {
    hint: 'Copy or download it again.',
    cause,
  });
}
