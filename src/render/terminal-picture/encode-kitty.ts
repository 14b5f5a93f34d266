import { rowColumnMarks } from './row-column-marks.js';
import type { FittedPicture } from './fit-picture.js';

/** Most base64 characters in one sequence, by the protocol. */
const CHUNK_CHARACTERS = 4096;
/** The character that stands for a piece of a picture. */
const PLACEHOLDER = '\u{10eeee}';

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
function toSequences(png: Uint8Array, settings: string): string[] {
  const base64 = Buffer.from(png).toString('base64');
  const sequences: string[] = [];
  for (let start = 0; start < base64.length; start += CHUNK_CHARACTERS) {
    const more = start + CHUNK_CHARACTERS < base64.length ? 1 : 0;
    const head = start === 0 ? `${settings},m=${more}` : `m=${more}`;
    sequences.push(`\u001b_G${head};${base64.slice(start, start + CHUNK_CHARACTERS)}\u001b\\`);
  }
  return sequences;
}
