import { fileURLToPath } from 'node:url';
import { InputError, UsageError } from '../base/errors.js';
import { addressInput, cameraInput, isAddress } from '../tasks/inputs/media-input.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import { isVideoInput } from '../tasks/run-media-task.js';
import type { VideoInput } from '../tasks/videos/process-video.js';

/** How results call a picture that came as bytes. */
const BYTES_NAME = 'picture';

/**
 * The input of one prompt: a picture, or several together.
 * @throws {UsageError} it is none of what a picture may be given as.
 */
export function readPictures(subject: unknown, allowsPrivate: boolean): TaskInput {
  if (!Array.isArray(subject)) return readPicture(subject, allowsPrivate);
  if (subject.length === 0) throw new UsageError('USAGE', 'There is no picture: the list is empty.');
  const inputs = subject.map((picture) => readPicture(picture, allowsPrivate));
  return {
    name: inputs.map(({ name }) => name).join(', '),
    pictures: inputs.flatMap(({ pictures }) => pictures),
  };
}

/**
 * The video at a path or an address, or that of a camera.
 * @throws {UsageError} it is neither. {InputError} {NetworkError} an address shows no video.
 */
export async function readVideo(
  subject: unknown,
  allowsPrivate: boolean,
  signal: AbortSignal,
): Promise<VideoInput> {
  const name = toName(subject);
  if (name === undefined)
    throw new UsageError('USAGE', 'A video is given as a path, an address or a camera.');
  const { open } = cameraInput(name) ?? readPicture(name, allowsPrivate);
  if (open === undefined) {
    if (!(await isVideoInput({ name, pictures: [name] }, true))) await refusePicture(name);
    return { name, path: name };
  }
  const media = await open(signal);
  if (media instanceof Uint8Array) throw noVideo(name);
  return { name, stream: media };
}

function readPicture(picture: unknown, allowsPrivate: boolean): TaskInput {
  if (picture instanceof Uint8Array) return { name: BYTES_NAME, pictures: [picture] };
  const name = toName(picture);
  if (name === undefined) {
    throw new UsageError('USAGE', 'A picture is given as a path, an address, or the bytes of its file.');
  }
  return isAddress(name) ? addressInput(name, { allowsPrivate }) : { name, pictures: [name] };
}

/** A path or an address; undefined for anything else. */
function toName(value: unknown): string | undefined {
  if (value instanceof URL) return value.protocol === 'file:' ? fileURLToPath(value) : value.href;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Say what is there instead: what cannot be read at all says so itself. */
async function refusePicture(name: string): Promise<never> {
  const { decodePictures } = await import('../tasks/inputs/decode-pictures.js');
  await decodePictures({ name, pictures: [name] }, new AbortController().signal);
  throw noVideo(name);
}

function noVideo(name: string): InputError {
  return new InputError('VIDEO_UNREADABLE', `${name} is a picture, not a video.`, {
    hint: 'Ask about it with the method of the task, such as model.caption.',
  });
}
