import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../../base/errors.js';
import type { RgbImage } from '../../base/image.js';
import { isPictureUrl } from '../../net/is-http-url.js';
import { openPicture } from '../../tasks/inputs/open-picture.js';
import { openVideo } from '../../tasks/inputs/open-video.js';
import { takeFrame } from '../../tasks/videos/take-frame.js';
import type { FileResult } from './read-result-file.js';

/** Opens the pictures that results are about. */
export type OpenResultPicture = (result: FileResult, signal: AbortSignal) => Promise<RgbImage>;

/**
 * Pictures are looked for below the current folder, then beside the results file. Addresses are not fetched: a file
 * from elsewhere could find out who is looking at it.
 * @param images the folder to look for names in instead.
 */
export function createPictureOpener(resultsPath: string, images: string | undefined): OpenResultPicture {
  const folders = images === undefined ? ['.', dirname(resultsPath)] : [images];
  return async ({ input, frame }, signal) => {
    const path = isPictureUrl(input)
      ? undefined
      : folders.map((folder) => resolve(folder, input)).find((place) => existsSync(place));
    if (path === undefined) throw new InputError('IMAGE_MISSING', `The picture of ${input} is not here.`);
    if (frame === undefined) return (await openPicture(path)).image;
    const video = await openVideo(path, signal);
    if (video === undefined) throw new InputError('VIDEO_UNREADABLE', `${input} is not a video.`);
    return (await takeFrame(video, frame.timeSeconds, signal)).image;
  };
}
