import { loadSharp } from '../load-sharp.js';

/** Versions of the library that decodes pictures and of the one below it, for `pali doctor`. @throws as loadSharp does. */
export function readDecoderVersion(): { sharp: string; libvips: string } {
  const { versions } = loadSharp();
  return { sharp: versions.sharp ?? 'unknown', libvips: versions.vips };
}
