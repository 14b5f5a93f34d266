import { loadSharp } from '../load-sharp.js';

/**
 * The EXIF orientation of a picture file, 1 to 8: how it has to be turned and mirrored to be shown. 1, as it is, where
 * nothing says otherwise or the file cannot be read.
 */
export async function readOrientation(path: string): Promise<number> {
  return loadSharp()(path, { limitInputPixels: false })
    .metadata()
    .then(
      ({ orientation = 1 }) => (orientation >= 1 && orientation <= 8 ? orientation : 1),
      () => 1,
    );
}
