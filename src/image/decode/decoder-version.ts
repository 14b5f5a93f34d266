import { sharp } from '../sharp.js';

/** Versions of the library that decodes pictures and of the one below it, for `pali doctor`. */
export function readDecoderVersion(): { sharp: string; libvips: string } {
  return { sharp: sharp.versions.sharp ?? 'unknown', libvips: sharp.versions.vips };
}
