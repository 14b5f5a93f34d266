import { countCores } from '../../base/machine/count-cores.js';
import type { RgbImage } from '../../base/image.js';
import { decodeImage } from '../../image/decode/decode-image.js';
import { isVideoFile } from '../../video/source/is-video-file.js';
import { limitConcurrency } from '../../base/semaphore.js';
import { videoNotAlone } from './media-input.js';
import type { PictureSource, TaskInput } from './task-input.js';

/** A decoded picture and how long decoding took. */
export interface DecodedPicture {
  readonly image: RgbImage;
  readonly decodeMs: number;
}

/** One per processor: running more at once would only delay the first one and use more memory. */
const limitDecoding = limitConcurrency(countCores());

/**
 * The pictures of an input, in order.
 * @throws {InputError} one of them is missing, not a picture, damaged, or too large; and what sources throw.
 */
export async function decodePictures(
  { name, pictures }: TaskInput,
  signal: AbortSignal,
): Promise<DecodedPicture[]> {
  return Promise.all(pictures.map((picture) => decodePicture(picture, name, signal)));
}

/** Time spent waiting for a source, such as a network or its turn, is not counted. */
async function decodePicture(
  picture: PictureSource,
  name: string,
  signal: AbortSignal,
): Promise<DecodedPicture> {
  const source = typeof picture === 'function' ? await picture(signal) : picture;
  return limitDecoding(async () => {
    const start = performance.now();
    const image = await decodeImage(source, {
      signal,
      ...(typeof source === 'string' ? {} : { name: name === '-' ? 'standard input' : name }),
    }).catch(async (error: unknown) => {
      throw typeof source === 'string' && (await isVideoFile(source)) ? videoNotAlone(source) : error;
    });
    return { image, decodeMs: performance.now() - start };
  });
}
