import { InputError } from '../base/errors.js';
import { isPictureUrl } from '../net/is-http-url.js';
import { fetchPicture } from '../tasks/inputs/fetch-picture.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import type { PictureRoots } from './picture-roots.js';

/** Where a tool may take pictures from. */
export interface PictureRules {
  /** Absent where there are no paths at all, as over HTTP. */
  readonly roots: PictureRoots | undefined;
  /** Fetch also from this machine and its network. */
  readonly allowsPrivateUrls: boolean;
}

/** The type is not believed: the content says what it is. */
const DATA_URI = /^data:[\w.+-]*\/?[\w.+-]*(?:;[\w-]+=[\w-]+)*;base64,/i;

/** @throws {InputError} a path outside the roots, or something else that cannot be a picture. */
export async function readToolPicture(image: string, rules: PictureRules): Promise<TaskInput> {
  const head = DATA_URI.exec(image.slice(0, 256))?.[0];
  if (head !== undefined) return { name: 'picture', pictures: [decodeBase64(image, head.length)] };
  if (image.startsWith('data:')) throw unreadable('The data URI holds no base64.');
  const { roots, allowsPrivateUrls: allowsPrivate } = rules;
  if (isPictureUrl(image)) {
    return { name: image, pictures: [(signal) => fetchPicture(image, { allowsPrivate, signal })] };
  }
  if (roots === undefined) throw unreadable('Paths are not read here.');
  if (image.length > 4096) throw unreadable('The path is too long.');
  return { name: image, pictures: [await roots.find(image)] };
}

/** Looked at once, without a copy for each check: it may be large. */
function decodeBase64(image: string, start: number): Uint8Array {
  const wrong = /[^A-Za-z0-9+/_=\s-]/g;
  wrong.lastIndex = start;
  if (image.length === start || wrong.test(image)) throw unreadable('The picture is not base64.');
  return Buffer.from(image.slice(start), 'base64');
}

function unreadable(message: string): InputError {
  return new InputError('IMAGE_UNREADABLE', message, {
    hint: 'Send the picture itself as a data URI (data:image/jpeg;base64,...), or its http address.',
  });
}
