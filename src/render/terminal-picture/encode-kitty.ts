import type { Size } from '../../base/geometry.js';
import type { FittedPicture } from './fit-picture.js';

/** Most base64 characters in one sequence, by the protocol. */
const CHUNK_CHARACTERS = 4096;
/** The character that stands for a piece of a picture. */
const PLACEHOLDER = '\u{10eeee}';

/**
 * The first 128 combining marks with which kitty's graphics protocol numbers rows and columns, from its
 * documentation (rowcolumn-diacritics.txt): the n-th means n.
 */
export const rowColumnMarks: readonly string[] = (
  '305 30d 30e 310 312 33d 33e 33f 346 34a 34b 34c 350 351 352 357 35b 363 364 365 366 367 368 369 36a 36b 36c 36d ' +
  '36e 36f 483 484 485 486 487 592 593 594 595 597 598 599 59c 59d 59e 59f 5a0 5a1 5a8 5a9 5ab 5ac 5af 5c4 610 611 ' +
  '612 613 614 615 616 617 657 658 659 65a 65b 65d 65e 6d6 6d7 6d8 6d9 6da 6db 6dc 6df 6e0 6e1 6e2 6e4 6e7 6e8 6eb ' +
  '6ec 730 732 733 735 736 73a 73d 73f 740 741 743 745 747 749 74a 7eb 7ec 7ed 7ee 7ef 7f0 7f1 7f3 816 817 818 819 ' +
  '81b 81c 81d 81e 81f 820 821 822 823 825 826 827 829 82a 82b 82c'
)
  .split(' ')
  .map((hex) => String.fromCharCode(parseInt(hex, 16)));

/** Most columns and rows that marks can number here. */
export const MAX_CELLS = rowColumnMarks.length;
/** The id's lowest byte is one of 255 colours, its highest a mark; the bytes between stay 0. */
export const MAX_IMAGE_ID = 255 * rowColumnMarks.length;

/**
 * A PNG file for terminals with kitty's graphics protocol, drawn at the cursor. One side's cells are given, the
 * terminal finds the other by the picture's shape.
 */
export function encodeKitty(png: Uint8Array, { columns, rows, fillsHeight }: FittedPicture): string {
  return toSequences(png, `a=T,f=100,q=2,${fillsHeight ? `r=${rows}` : `c=${columns}`}`).join('');
}

/**
 * Pixels for terminals with kitty's graphics protocol, drawn at the cursor, which stays there: quicker to make than a
 * file.
 *
 * @param packed the pixels' bytes, compressed as zlib does.
 * @param id this picture's, 1 or more.
 */
export function encodeRawKitty(
  packed: Uint8Array,
  { width, height }: Size,
  { columns, rows }: Pick<FittedPicture, 'columns' | 'rows'>,
  id: number,
): string {
  const settings = `a=T,f=24,o=z,s=${width},v=${height},i=${id},p=1,q=2,C=1,c=${columns},r=${rows}`;
  return toSequences(packed, settings).join('');
}

/** Take a picture away, and free its memory. */
export function removeKitty(id: number): string {
  return `\u001b_Ga=d,d=I,i=${id},q=2\u001b\\`;
}

/**
 * The same for inside tmux, with lines of placeholders as the picture's place: text that tmux keeps and moves.
 * Their colour, of 256, and their marks say which picture and which piece of it each is.
 *
 * @param imageId 1..MAX_IMAGE_ID; one that was used already gives that picture's place to this one.
 * @param wrap makes tmux hand a sequence on.
 */
export function encodeKittyCells(
  png: Uint8Array,
  { columns, rows }: FittedPicture,
  imageId: number,
  wrap: (sequence: string) => string,
): string {
  const color = ((imageId - 1) % 255) + 1;
  const high = Math.floor((imageId - 1) / 255);
  const id = high * 2 ** 24 + color;
  const sequences = toSequences(png, `a=T,U=1,f=100,q=2,i=${id},c=${columns},r=${rows}`).map(wrap);
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = Array.from(
      { length: columns },
      (_, column) => PLACEHOLDER + rowColumnMarks[row] + rowColumnMarks[column] + rowColumnMarks[high],
    );
    return `\u001b[38;5;${color}m${cells.join('')}\u001b[39m\n`;
  });
  return [...sequences, ...lines].join('');
}

/** The file in pieces; the first has the settings, each but the last says that more follow. */
function toSequences(bytes: Uint8Array, settings: string): string[] {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  const sequences: string[] = [];
  for (let start = 0; start < base64.length; start += CHUNK_CHARACTERS) {
    const more = start + CHUNK_CHARACTERS < base64.length ? 1 : 0;
    const head = start === 0 ? `${settings},m=${more}` : `m=${more}`;
    sequences.push(`\u001b_G${head};${base64.slice(start, start + CHUNK_CHARACTERS)}\u001b\\`);
  }
  return sequences;
}
