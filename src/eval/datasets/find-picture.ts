import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

/**
 * Where the pictures of a file of labels are. Names are looked for in the folder that the user names, beside the
 * labels, and where the published data sets have them; the folder that had the last one is tried first.
 *
 * @param labels path of the labels.
 * @param images the folder that the user names.
 * @returns a function from a picture's name to its path; the likeliest one where it is nowhere.
 */
export function createPictureFinder(labels: string, images?: string): (name: string) => string {
  const folder = dirname(labels);
  const splits = basename(labels).match(/(?:train|val|test)(?:-?dev)?\d{4}/g) ?? [];
  const places =
    images === undefined
      ? [folder, ...['images', ...splits].flatMap((name) => [join(folder, name), join(folder, '..', name)])]
      : [images];
  let last = places[0];
  return (name) => {
    if (isAbsolute(name)) return name;
    for (const place of [last, ...places]) {
      for (const path of [join(place, name), join(place, basename(name))]) {
        if (!existsSync(path)) continue;
        last = place;
        return path;
      }
    }
    return join(places[0], name);
  };
}
