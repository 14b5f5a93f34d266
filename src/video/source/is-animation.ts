/**
 * Whether these bytes begin a GIF or PNG of more than one picture. Blocks are walked, as what says so may come after
 * any of them. WebP is left out: few builds of ffmpeg read one that moves.
 */
export function isAnimation(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = buffer.toString('latin1', 0, 8);
  if (kind.startsWith('GIF8')) return countGifPictures(buffer, 2) === 2;
  return kind === '\x89PNG\r\n\x1a\n' && countPngPictures(buffer) > 1;
}

/** Stops counting at `most`. */
function countGifPictures(gif: Buffer, most: number): number {
  /** A table of colours of 3 bytes; its flags say whether there is one, and its size. */
  const tableBytes = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let count = 0;
  for (let at = 13 + tableBytes(gif[10]); at < gif.length && count < most;) {
    const isPicture = gif[at] === 0x2c;
    if (!isPicture && gif[at] !== 0x21) break;
    if (isPicture) count++;
    // A picture's place and table, and a byte before its data; an extension's kind.
    at += isPicture ? 11 + tableBytes(gif[at + 9]) : 2;
    while (gif[at] > 0) at += gif[at] + 1;
    at++;
  }
  return count;
}

/** What the chunk acTL says, which comes before the first picture's data. */
function countPngPictures(png: Buffer): number {
  for (let at = 8; at + 12 <= png.length; at += 12 + png.readUInt32BE(at)) {
    const kind = png.toString('latin1', at + 4, at + 8);
    if (kind === 'acTL') return png.readUInt32BE(at + 8);
    if (kind === 'IDAT') break;
  }
  return 1;
}
