import type { Editor } from './editor.js';
import { readPaths } from '../session/parse-line.js';
import { quotePath } from '../session/split-words.js';

/** Typed letters come one by one or in small groups; a dropped file's path is longer. */
const MIN_PATH_CHARACTERS = 5;

/** A path from the root, from home or an address, to a picture or a video. */
const DROPPED =
  /^(?:\/|~\/|[A-Za-z]:[/\\]|\\\\|file:\/\/).*\.(?:jpe?g|png|webp|gif|avif|tiff?|svg|mp4|mov|mkv|webm|avi|m4v)$/i;

/**
 * What a terminal sends when files are dropped on it, or copied paths, as `@path` in the line (plain after
 * `/open` and `/video`).
 *
 * @returns undefined when it is other text.
 */
export function toReferences(text: string, editor: Editor): string | undefined {
  if (text.length < MIN_PATH_CHARACTERS) return undefined;
  const before = editor.text.slice(0, editor.cursor);
  // Inside a word or a quote it is part of something else.
  if (/[^\s]$/.test(before)) return undefined;
  const paths = readPaths(text);
  if (paths === undefined || !paths.every((path) => DROPPED.test(path))) return undefined;
  const mark = /^\/(?:open|video)\s/.test(before) ? '' : '@';
  return `${paths.map((path) => `${mark}${quotePath(path)}`).join(' ')} `;
}
