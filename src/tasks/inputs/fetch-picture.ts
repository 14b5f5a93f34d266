import { InputError } from '../../base/errors.js';
import { showAddress } from '../../net/describe-fetch-error.js';
import { fetchMedia, type FetchOptions } from '../../net/fetch-media.js';

/**
 * Fetch a picture over http or https.
 * @throws {InputError} it is a video. Also what fetchMedia throws.
 */
export async function fetchPicture(url: string, options: FetchOptions): Promise<Uint8Array> {
  const media = await fetchMedia(url, options);
  if (media.kind === 'picture') return media.bytes;
  throw new InputError('URL_NO_PICTURE', `${showAddress(url)} is not a picture but a video.`, {
    hint: 'Give it to a command as the only picture of its prompt: pali caption URL',
  });
}
