/** Longest part of a file name that a label or a base name gives, characters: file systems allow 255 bytes. */
const MAX_SLUG_CHARACTERS = 40;

/**
 * `<baseName>-<number>-<label>.png`, a name for one object's picture. Whatever is in base name and label, no such
 * file leaves its folder.
 *
 * @param number of the object among the detections, from 1.
 */
export function objectFileName(baseName: string, number: number, label: string): string {
  return `${slug(baseName, 'picture')}-${number}-${slug(label, 'object')}.png`;
}

/** Letters and digits of any script; all else, path separators and dots among it, becomes one hyphen. */
function slug(text: string, otherwise: string): string {
  const parts = text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}_]+/u)
    .filter((part) => part !== '');
  return Array.from(parts.join('-')).slice(0, MAX_SLUG_CHARACTERS).join('') || otherwise;
}
