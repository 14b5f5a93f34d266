import sharp from 'sharp';

/** Version of the library that decodes pictures, and of what it stands on, for `pali doctor`. */
export function readDecoderVersion(): { sharp: string; libvips: string } {
  return { sharp: sharp.versions.sharp ?? 'unknown', libvips: sharp.versions.vips };
}
