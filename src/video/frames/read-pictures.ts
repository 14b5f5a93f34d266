import type { Readable } from 'node:stream';
import { flattenAlpha } from './flatten-alpha.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/**
 * Cut a stream of bytes into pictures of the video's size; a last incomplete one is left out.
 * @param spare RGB pictures that may be overwritten; taken from here first.
 */
export async function* readPictures(
  stream: Readable,
  { width, height, hasAlpha }: VideoInfo,
  spare: Uint8Array[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const sizeBytes = width * height * (hasAlpha ? 4 : 3);
  let picture: Uint8Array = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + sizeBytes - filled);
      picture.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < sizeBytes) continue;
      if (hasAlpha) {
        yield flattenAlpha(picture, spare.pop());
      } else {
        yield picture;
        picture = spare.pop() ?? new Uint8Array(sizeBytes);
      }
      filled = 0;
    }
  }
}
