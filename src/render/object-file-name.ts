import { clipBytes } from './file-names.js';

/** Longest part of a file name that a label gives, UTF-8 bytes: file systems allow 255 for the whole. */
const MAX_LABEL_BYTES = 40;

/**
 * `<baseName>-<number>-<label>.png`, a name for one object's picture. Whatever is in the label, it names no folder.
 *
 * @param baseName as createFileNames gives it: no two pictures share one.
 * @param number of the object among the detections, from 1.
 */
export function objectFileName(baseName: string, number: number, label: string): string {
  return `${baseName}-${number}-${toWords(label) || 'object'}.png`;
}

/** Letters and digits of any script; everything else, including path separators and dots, becomes one hyphen. */
function toWords(label: string): string {
  const words = label
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}_]+/u)
    .filter((word) => word !== '');
  return clipBytes(words.join('-'), MAX_LABEL_BYTES);
}
