import type { RgbImage } from '../../../src/base/image.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { decodeSixel } from './decode-sixel.js';

/* eslint-disable no-control-regex -- these are what terminals take for pictures */
const KITTY = /\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\/g;
const ITERM2 = /\x1b\]1337;File=[^:]*:([^\x07]*)\x07/g;
const SIXEL = /\x1bP0;1q[^\x1b]*\x1b\\/g;
/* eslint-enable no-control-regex */

/** A protocol that draws pictures pixel by pixel. */
export type PixelProtocol = 'kitty' | 'iterm2' | 'sixel';

/** The pictures among what was written to a terminal, in their order, decoded as the terminal would; whole ones only. */
export async function findPictures(bytes: string, protocol: PixelProtocol): Promise<RgbImage[]> {
  switch (protocol) {
    case 'kitty':
      return Promise.all(joinKitty(bytes).map((base64) => decodeImage(Buffer.from(base64, 'base64'))));
    case 'iterm2': {
      const files = Array.from(bytes.matchAll(ITERM2), ([, base64]) => Buffer.from(base64, 'base64'));
      return Promise.all(files.map((file) => decodeImage(file)));
    }
    case 'sixel':
      return Array.from(bytes.matchAll(SIXEL), ([sequence]) => decodeSixel(sequence));
  }
}

/** A file comes in pieces; `m=1` says that more follow. */
function joinKitty(bytes: string): string[] {
  const files: string[] = [];
  let file = '';
  for (const [, settings, piece] of bytes.matchAll(KITTY)) {
    file += piece;
    if (/(?:^|,)m=1/.test(settings)) continue;
    files.push(file);
    file = '';
  }
  return files;
}
