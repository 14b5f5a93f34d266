import type { FittedPicture } from './fit-picture.js';

/** What the terminal calls the picture, should it show a name. */
const NAME = 'pali.png';

/**
 * A PNG file for terminals with iTerm2's inline images (OSC 1337): scaled by the terminal into columns x rows
 * cells, its shape kept.
 */
export function encodeIterm2(png: Uint8Array, { columns, rows }: FittedPicture): string {
  const settings = [
    `name=${Buffer.from(NAME).toString('base64')}`,
    `size=${png.length}`,
    'inline=1',
    `width=${columns}`,
    `height=${rows}`,
    'preserveAspectRatio=1',
  ].join(';');
  return `\u001b]1337;File=${settings}:${Buffer.from(png).toString('base64')}\u0007`;
}
