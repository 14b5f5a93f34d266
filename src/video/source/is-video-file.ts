import { open, stat } from 'node:fs/promises';
import { isAnimation } from './is-animation.js';
import { HEAD_BYTES, nameDemuxer } from './name-demuxer.js';

/** A first picture of an animation is smaller. */
const MAX_ANIMATION_BYTES = 64 * 2 ** 20;

/**
 * Whether a file is a video, by its first bytes and never by its name. Ogg, Matroska and ASF may turn out to hold
 * sound alone: probeVideo says so. A file that cannot be read is not a video; reading it as a picture explains why.
 */
export async function isVideoFile(path: string): Promise<boolean> {
  return isVideoHead(await readFileHead(path));
}

/** Whether a file is a GIF or PNG of more than one picture. */
export async function isAnimationFile(path: string): Promise<boolean> {
  return isAnimation(await readFileHead(path, MAX_ANIMATION_BYTES));
}

/** Whether these are the first bytes of a video; about 600 are enough for every kind. */
export function isVideoHead(head: Uint8Array): boolean {
  return nameDemuxer(head) !== undefined;
}

/**
 * Nothing when the path cannot be read or is not a regular file: a pipe gives its bytes once, and opening and closing
 * it would stop its writer.
 */
export async function readFileHead(path: string, maxBytes = HEAD_BYTES): Promise<Uint8Array> {
  let file;
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return new Uint8Array();
    file = await open(path, 'r');
    const head = Buffer.alloc(Math.min(stats.size, maxBytes));
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } catch {
    return new Uint8Array();
  } finally {
    await file?.close();
  }
}
