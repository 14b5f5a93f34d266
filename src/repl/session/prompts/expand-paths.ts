import { InputError } from '../../../base/errors.js';
import { expandPattern, isFolderName, readFolder } from '../../../tasks/inputs/expand-name.js';
import { resolvePath } from './resolve-path.js';

/** A picture or video that a line names. */
export interface NamedMedia {
  /** As it is shown. */
  readonly name: string;
  /** A path or an address; an error for a folder or a pattern that gives nothing. */
  readonly source: string | InputError;
}

/** What a line names. */
export interface ExpandedPaths {
  readonly media: readonly NamedMedia[];
  /** A folder or a pattern stood for several. */
  readonly hasSeveral: boolean;
}

/**
 * What paths, folders, patterns and addresses stand for: a folder for the pictures and videos in it, by their
 * extensions, a pattern (`*`, `?`, `[...]`, `{a,b}`, `**`) for the files that match it. A name that exists is that file
 * or folder.
 *
 * @param onNote called with a sentence about pictures in folders that cannot be read.
 */
export async function expandPaths(
  paths: readonly string[],
  onNote: (sentence: string) => void,
): Promise<ExpandedPaths> {
  const media: NamedMedia[] = [];
  let hasSeveral = false;
  for (const path of paths) {
    const place = resolvePath(path);
    const found = (await isFolderName(place))
      ? await readFolder(place, false, onNote)
      : await expandPattern(place);
    if (found === undefined) {
      media.push({ name: path, source: place });
      continue;
    }
    hasSeveral ||= found.length > 1;
    for (const { name, pictures } of found) {
      const [picture] = pictures;
      const source = typeof picture === 'string' ? picture : await whyNone(picture, place);
      media.push({ name, source });
    }
  }
  return { media, hasSeveral };
}

/** The error of a folder or a pattern, with a way out that a session has. */
async function whyNone(picture: unknown, place: string): Promise<InputError> {
  const fail = picture as (signal: AbortSignal) => Promise<unknown>;
  const error = await fail(new AbortController().signal).catch((cause: unknown) => cause);
  if (!(error instanceof InputError)) throw error;
  if (error.code !== 'FOLDER_EMPTY') return error;
  const folder = place.replace(/[\\/]$/, '');
  return new InputError(error.code, error.message, {
    hint: `For the folders below: ${folder}/**/*.png`,
  });
}
