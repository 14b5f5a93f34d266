import { fetchPicture } from '../tasks/inputs/fetch-picture.js';
import type { PictureSource } from '../tasks/inputs/task-input.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { badRequest } from './http-error.js';

/** `data:image/png;base64,...`; the type is not believed, the content says what it is. */
const DATA_URI = /^data:[\w.+-]*\/?[\w.+-]*(?:;[\w-]+=[\w-]+)*;base64,/i;
/** Characters of an address that a refusal repeats. */
const SHOWN_CHARACTERS = 60;

/**
 * A picture as requests name it: a data URI, or an address of http or https, which is fetched when its turn comes.
 * There are no paths: the server's disk is not the client's.
 * @param param the field that it stands in.
 * @throws {HttpError} it is neither.
 */
export function readPicture(url: string, param: string, allowsPrivate: boolean): PictureSource {
  const head = DATA_URI.exec(url.slice(0, 256))?.[0];
  if (head !== undefined) return decodeBase64(url.slice(head.length), param);
  if (isPictureUrl(url)) return (signal) => fetchPicture(url, { allowsPrivate, signal });
  const shown = url.length > SHOWN_CHARACTERS ? `${url.slice(0, SHOWN_CHARACTERS)}...` : url;
  throw badRequest(
    `'${shown}' is neither a data URI with base64 nor an address of http or https.`,
    param,
    'Send the picture itself: data:image/jpeg;base64,...',
  );
}

/** @throws {HttpError} there are other characters than base64's in it. */
export function decodeBase64(text: string, param: string): Uint8Array {
  if (text === '' || !/^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(text))
    throw badRequest('A picture is not base64.', param);
  return Buffer.from(text, 'base64');
}
