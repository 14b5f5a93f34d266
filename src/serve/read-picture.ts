import { fetchPicture } from '../tasks/inputs/fetch-picture.js';
import type { PictureSource } from '../tasks/inputs/task-input.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { badRequest } from './http-error.js';

/** `data:image/png;base64,...`; the type is not trusted, the content decides. */
const DATA_URI = /^data:[\w.+-]*\/?[\w.+-]*(?:;[\w-]+=[\w-]+)*;base64,/i;
/** How many characters of an address an error repeats. */
const SHOWN_CHARACTERS = 60;

/**
 * A picture as named in a request: a data URI, or an http or https address, which is fetched when its turn comes.
 * Paths are not allowed: the server's disk is not the client's.
 * @param param the field that it came from.
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

/** @throws {HttpError} it contains characters that are not base64. */
export function decodeBase64(text: string, param: string): Uint8Array {
  if (text === '' || !/^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(text))
    throw badRequest('A picture is not base64.', param);
  return Buffer.from(text, 'base64');
}
