import { resolve, sep } from 'node:path';

/**
 * Tells pictures in a folder that a run writes itself from those that it reads.
 * @param ownFolders where the run writes; those that are not below `folder` say nothing about its pictures.
 */
export function ownPicturesOf(folder: string, ownFolders: readonly string[]): (path: string) => boolean {
  const root = withSeparator(resolve(folder));
  const own = ownFolders.map((path) => withSeparator(resolve(path)));
  const below = own.filter((path) => path !== root && path.startsWith(root));
  return (path) => below.some((one) => resolve(path).startsWith(one));
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
