import { stripControl } from '../base/strip-control.js';

/** Characters that some file system forbids in a name, and the separators of all of them. */
const FORBIDDEN = /[\n\t<>:"/\\|?*]/g;
/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** Longest name, UTF-8 bytes: file systems allow 255, and a number and an extension are still to come. */
const MAX_NAME_BYTES = 200;

/**
 * Gives each input a file name of its own, without extension: `a/dog.jpg` becomes `dog`, `b/dog.png` then
 * `dog-2`. No name leaves its folder, whatever the input is called; names that differ in case alone count as one.
 *
 * @param reserved names that are taken already.
 */
export function createFileNames(reserved: readonly string[] = []): (input: string) => string {
  const used = new Set(reserved.map((name) => name.toLowerCase()));
  return (input) => {
    const name = cleanName(input);
    let unique = name;
    for (let count = 2; used.has(unique.toLowerCase()); count++) unique = `${name}-${count}`;
    used.add(unique.toLowerCase());
    return unique;
  };
}

function cleanName(input: string): string {
  const file = input.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const name = stripControl(file)
    .replace(/\p{Cs}/gu, '_')
    .replace(/(?<=.)\.[^.]*$/s, '')
    .replace(FORBIDDEN, '_')
    // Windows drops dots and spaces at the end.
    .replace(/[. ]+$/, '')
    .replace(DEVICE, '$&_');
  return clip(name) || 'picture';
}

function clip(name: string): string {
  let bytes = 0;
  let clipped = '';
  for (const char of name) {
    bytes += Buffer.byteLength(char);
    if (bytes > MAX_NAME_BYTES) break;
    clipped += char;
  }
  return clipped;
}
